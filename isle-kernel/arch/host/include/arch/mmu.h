/* SPDX-License-Identifier: MIT */
/*
 * mmu.h - physical memory is one large reservation of the process; it begins at host_memory.
 */
#ifndef ARCH_MMU_H
#define ARCH_MMU_H

#include <stdint.h>

#include <isle/types.h>

extern uint8_t *host_memory;
/* Where the private area is: the begin of extent 0. */
extern uint64_t host_private;

#define PRIVATE_BASE  host_private

static inline void *hpa_to_va(isle_hpa_t hpa)
{
	return host_memory + hpa;
}

static inline isle_hpa_t va_to_hpa(const void *va)
{
	return (uint64_t)((const uint8_t *)va - host_memory);
}

/* Large ranges are given back to Linux, which makes them zero as well. */
void page_zero(void *page, uint64_t size);

#endif
