/* SPDX-License-Identifier: MIT */
/*
 * ring3.h - extended state by way of ring 3, where the processor is not ours in ring 0 (ring3.c).
 */
#ifndef ARCH_RING3_H
#define ARCH_RING3_H

#include <stdbool.h>
#include <stdint.h>

#include <arch/umap.h>

struct trap_frame;

/*
 * Finds out what the processor has: components of XCR0 among those wanted, and the size of an area in *size. 0: none,
 * because this is not such a machine, or there is no memory. Once, on row 0, before there are programs.
 */
uint64_t ring3_setup(uint64_t wanted, uint32_t *size);

/* Room for one thread's state, aligned to a page, not cleared; NULL: no memory. */
void *ring3_area_alloc(void);
void ring3_area_free(void *area);

/* The running core's extended state to such an area, and from it; false if the processor refuses what is there. */
void ring3_fpu_save(void *area);
bool ring3_fpu_load(const void *area);

/* An exception from ring 3: does not return if it is the end of ring 3's part in one of the above. */
void ring3_exception(const struct trap_frame *frame);

#endif
