/* SPDX-License-Identifier: MIT */
/*
 * mmu.h - the kernel's own page tables.
 *
 *   DIRECT_MAP + hpa   all extents, largest pages, not executable
 *   KERNEL_AREA        cores' blocks with guard pages, the APICs' registers
 *   ISLE_KBASE + ipa   private area: text read-only, the rest not executable
 *   ISLE_PARK_VA       the module's park pages, as the loader mapped them
 */
#ifndef ARCH_MMU_H
#define ARCH_MMU_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/types.h>

/* Where the loader and the kernel map the private area: ISLE_KBASE. */
#define PRIVATE_BASE       0xffffffff80000000ull
#define DIRECT_MAP         0xffff888000000000ull
#define KERNEL_AREA        0xffffc90000000000ull
#define KERNEL_AREA_LAPIC  (KERNEL_AREA + (1ull << 30))
#define KERNEL_AREA_IOAPIC (KERNEL_AREA_LAPIC + 0x1000)

/* Protections of kernel pages; all can be read. */
#define MAP_WRITE     (1u << 0)
#define MAP_EXEC      (1u << 1)
#define MAP_UNCACHED  (1u << 2)

static inline void *hpa_to_va(isle_hpa_t hpa)
{
	return (void *)(DIRECT_MAP + hpa);
}

/* Only for addresses of the direct map. */
static inline isle_hpa_t va_to_hpa(const void *va)
{
	return (uint64_t)(uintptr_t)va - DIRECT_MAP;
}

/* Builds the kernel's tables and loads them. Extents and frames are ready. */
void mmu_init(void);

/* CR3 of the kernel's tables, 0 before there are any. */
extern uint64_t mmu_root;

/* The same table, as an address. */
const uint64_t *mmu_root_table(void);

/* Maps one 4 KiB page of the kernel. 0, -ENOMEM, or -EEXIST if something is mapped there. */
int mmu_map_page(uint64_t va, isle_hpa_t hpa, uint32_t prot);

/* A page that is mapped, as mmu_visit finds it. */
struct mmu_leaf {
	uint64_t va;
	isle_hpa_t hpa;
	uint64_t size;
	bool write, exec, user;
};

/* Calls visit for each page of the kernel's half, the park pages apart. */
void mmu_visit(void (*visit)(const struct mmu_leaf *leaf, void *arg), void *arg);

/* Fills pages with zeroes. */
static inline void page_zero(void *page, uint64_t size)
{
	uint64_t words = size / 8;

	__asm__ volatile("rep stosq" : "+D"(page), "+c"(words) : "a"(0ull) : "memory");
}

#endif
