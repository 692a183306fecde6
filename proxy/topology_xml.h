/* SPDX-License-Identifier: MIT */
/*
 * topology_xml.h - an isle's CPUs and memory as a file for hwloc (HWLOC_XMLFILE).
 */
#ifndef PROXY_TOPOLOGY_XML_H
#define PROXY_TOPOLOGY_XML_H

#include "plan.h"

#include "placement.h"

/* Writes hwloc's format of version 2.0. CPUs that the reserve does not know are left out. 0 or -errno. */
int topology_xml_write(int fd, const struct plan *plan, const struct place_reserve *reserve);

#endif
