/* SPDX-License-Identifier: MIT */
/*
 * topo.h - the machine as hwloc sees it, boiled down to what plan.c needs.
 *
 * HWLOC_SYNTHETIC and HWLOC_XMLFILE replace the machine, as everywhere with hwloc: planning can be
 * tried and tested for any machine. Then all memory counts as free.
 */
#ifndef PROXY_TOPO_H
#define PROXY_TOPO_H

#include "machine.h"
#include "why.h"

#include <stdbool.h>

/* Fills m. real: set to whether it is this machine. 0, or -errno with a sentence. */
int topo_read(struct machine *m, bool *real, struct why *why);

/* Widest core, in hardware threads: 1 without SMT. */
unsigned int topo_smt(const struct machine *m);

/* Number of cores. */
unsigned int topo_cores(const struct machine *m);

#endif
