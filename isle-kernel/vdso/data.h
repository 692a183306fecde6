/* SPDX-License-Identifier: MIT */
/*
 * data.h - what the isle kernel tells the vDSO: one page, mapped read-only in front of the image, and in front of
 * that the counters of the isle's cores, a page a row.
 *
 * The page is known when the isle starts and constant from then on, so there is nothing to be read twice.
 */
#ifndef VDSO_DATA_H
#define VDSO_DATA_H

#include <stdint.h>

#define VDSO_DATA_SIZE  4096
#define VDSO_CPUS       1024  /* Linux CPU numbers that an isle can have: struct isle_cpuset */

/* Indexes of base_ns. */
enum { VDSO_MONOTONIC, VDSO_REALTIME };

struct vdso_data {
	uint64_t tsc_base;
	uint64_t base_ns[2];      /* what the clocks showed when the TSC read tsc_base */
	uint64_t ns_per_tick;     /* in units of 2^-32 */
	uint32_t nr_rows;         /* pages of counters, which lie in front of this page; 0: none */
	uint16_t row[VDSO_CPUS];  /* of Linux's CPU, plus 1; 0: not ours */
};
_Static_assert(sizeof(struct vdso_data) <= VDSO_DATA_SIZE, "one page");

/*
 * The segment whose limit tells a core: Linux's CPU in bits 0-11, its node from bit 12 on. Linux has the
 * same one in the same place, so that the image is right on both sides.
 */
#define VDSO_CPU_SELECTOR  0x7b
#define VDSO_CPU_BITS      12

#endif
