/* SPDX-License-Identifier: MIT */
/*
 * host.h - what a unit test makes before it calls the kernel's generic parts. For tests only.
 */
#ifndef ARCH_HOST_H
#define ARCH_HOST_H

#include <stdint.h>

#include <isle/boot.h>

/*
 * Makes a machine of these extents (ipa is filled in) with a boot page, private area and window in
 * the first one, and starts the allocators. What an earlier machine had is gone.
 */
void host_start(struct isle_extent *list, uint32_t nr);

/* The calling thread is this row from now on, on this node. */
void host_cpu_enter(uint32_t row, uint32_t node);

/* Called by panic() with the text; must not return. The default prints and aborts. */
extern void (*host_panic)(const char *text);

/* Private area of such a machine, and its log ring. */
#define HOST_PRIVATE_SIZE  (4 * ISLE_GRANULE_SIZE)
#define HOST_LOG_DATA      16384u

#endif
