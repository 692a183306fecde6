/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * uhyve.h - what an isle and the monitor on KVM agree on beyond the boot page: two ports.
 *
 * Any width and value may be written. The bell does not leave the host's kernel (an eventfd is signalled); the
 * park port does not come back. Every other port reads as ones and takes what is written.
 */
#ifndef ISLE_UHYVE_H
#define ISLE_UHYVE_H

#include <isle/types.h>

#define ISLE_UHYVE_PORT_BELL  0x500u /* reasons are in isle_boot.bell */
#define ISLE_UHYVE_PORT_PARK  0x504u /* this core is done: its last state is in its row */

#endif
