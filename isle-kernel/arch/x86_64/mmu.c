// SPDX-License-Identifier: MIT
/*
 * mmu.c - builds the kernel's page tables, maps single pages, walks what is mapped.
 *
 * Tables come from the loader's early pages first, so that nothing needs to be mapped to begin
 * with; when these are used up, from frames, which by then are in the direct map. Tables are
 * reached by their address in the private area or the direct map. Entries: Intel SDM vol. 3, 4.5
 * (4-level paging).
 */
#include <arch/mmu.h>

#include "arch_priv.h"

#include <arch/cpu.h>
#include <arch/regs.h>
#include <kern/errno.h>
#include <kern/extent.h>
#include <kern/frame.h>
#include <kern/lock.h>
#include <kern/panic.h>
#include <kern/string.h>

#define PTE_P     (1ull << 0)
#define PTE_W     (1ull << 1)
#define PTE_U     (1ull << 2)
#define PTE_PWT   (1ull << 3)
#define PTE_PCD   (1ull << 4)
#define PTE_A     (1ull << 5)
#define PTE_D     (1ull << 6)
#define PTE_LARGE (1ull << 7)
#define PTE_G     (1ull << 8)
#define PTE_NX    (1ull << 63)
#define PTE_ADDR  0x000ffffffffff000ull

#define SIZE_4K  0x1000ull
#define SIZE_2M  0x200000ull
#define SIZE_1G  0x40000000ull

/*
 * Entries of the top table: the kernel's half begins at 256; KBASE and the park pages lie in 511.
 */
#define INDEX(va, level)  ((va) >> (12 + 9 * ((level) - 1)) & 511)
#define KERNEL_HALF       256u

uint64_t mmu_root;

static uint64_t *root;
static struct spinlock lock = SPINLOCK_INIT;

static isle_hpa_t private_hpa(isle_ipa_t ipa)
{
	return extents.list[0].hpa + ipa;
}

/* A table by its physical address. */
static uint64_t *table_at(isle_hpa_t hpa)
{
	uint64_t ipa = hpa - extents.list[0].hpa;

	if (ipa < boot->private_size)
		return private_at(ipa);
	return hpa_to_va(hpa);
}

static isle_hpa_t table_make(void)
{
	uint8_t *page = early_alloc(1);

	if (page)
		return private_hpa((uint64_t)(uintptr_t)page - ISLE_KBASE);
	return frame_alloc(1, extents.list[0].node, FRAME_ZERO);
}

/*
 * The entry for va in a table of the given level (1: 4 KiB pages), tables above made as needed;
 * NULL for want of memory.
 */
static uint64_t *entry_for(uint64_t va, uint32_t level)
{
	uint64_t *table = root;
	uint32_t at;

	for (at = 4; at > level; at--) {
		uint64_t *entry = &table[INDEX(va, at)];

		if (!(*entry & PTE_P)) {
			isle_hpa_t hpa = table_make();

			if (hpa == FRAME_NONE)
				return NULL;
			*entry = hpa | PTE_P | PTE_W | PTE_A;
		}
		table = table_at(*entry & PTE_ADDR);
	}
	return &table[INDEX(va, level)];
}

static uint64_t bits_for(uint32_t prot)
{
	uint64_t bits = PTE_P | PTE_A | PTE_D;

	bits |= cpu_features.global_pages ? PTE_G : 0;
	bits |= prot & MAP_WRITE ? PTE_W : 0;
	bits |= prot & MAP_EXEC ? 0 : PTE_NX;
	bits |= prot & MAP_UNCACHED ? PTE_PCD | PTE_PWT : 0;
	return bits;
}

/* Maps a range in pages of one level; only for boot, where want of memory is the end. */
static void map_range(uint64_t va, isle_hpa_t hpa, uint64_t size, uint32_t level, uint32_t prot)
{
	uint32_t shift = 12 + 9 * (level - 1);
	uint64_t page = 1ull << shift, left = size >> shift;
	uint64_t value = hpa | bits_for(prot) | (level > 1 ? PTE_LARGE : 0);

	while (left) {
		uint64_t *entry = entry_for(va, level), *end;
		uint64_t part = 512 - INDEX(va, level);

		if (!entry)
			panic("mmu: no memory for page tables");
		if (part > left)
			part = left;
#pragma GCC unroll 8
		for (end = entry + part; entry < end; value += page)
			*entry++ = value;
		left -= part;
		va += part << shift;
	}
}

/* The same in the largest pages that address and size allow. */
static void map_large(uint64_t va, isle_hpa_t hpa, uint64_t size, uint32_t prot)
{
	while (size) {
		uint64_t part = SIZE_1G - (hpa & (SIZE_1G - 1));
		uint32_t level = 2;

		if (part == SIZE_1G && size >= SIZE_1G && cpu_features.gib_pages) {
			part = size & ~(SIZE_1G - 1);
			level = 3;
		} else if (part > size) {
			part = size;
		}
		map_range(va, hpa, part, level, prot);
		va += part;
		hpa += part;
		size -= part;
	}
}

/* One part of the image, page by page. */
static void map_image_part(const uint8_t *start, const uint8_t *end, uint32_t prot)
{
	uint64_t va = (uint64_t)(uintptr_t)start, size = (uint64_t)(end - start);

	map_range(va, private_hpa(va - ISLE_KBASE), (size + SIZE_4K - 1) & ~(SIZE_4K - 1), 1, prot);
}

/* The direct map has the image's pages by the same tables, with the right to execute taken away above them. */
static void image_alias(uint64_t fine)
{
	isle_hpa_t first = private_hpa(0);
	uint64_t at;

	for (at = 0; at < fine; at += SIZE_2M) {
		uint64_t *alias = entry_for(DIRECT_MAP + first + at, 2);

		if (!alias)
			panic("mmu: no memory for page tables");
		*alias = *entry_for(ISLE_KBASE + at, 2) | PTE_NX;
	}
}

static void guard_make(const uint8_t *page)
{
	*entry_for((uint64_t)(uintptr_t)page, 1) = 0;
}

/* The private area: image page by page, the rest of its last granule likewise, then large pages. */
static void map_private(void)
{
	uint64_t image = (uint64_t)(kernel_end - kernel_text_start);
	uint64_t fine = (image + SIZE_2M - 1) & ~(SIZE_2M - 1);
	isle_hpa_t hpa = private_hpa(fine);

	map_image_part(kernel_text_start, kernel_rodata_start, MAP_EXEC);
	map_image_part(kernel_rodata_start, kernel_data_start, 0);
	map_image_part(kernel_data_start, kernel_text_start + fine, MAP_WRITE);
	guard_make(cpu_block0 + BLOCK_GUARD0);
	guard_make(cpu_block0 + BLOCK_GUARD1);
	image_alias(fine);
	map_range(ISLE_KBASE + fine, hpa, boot->private_size - fine, 2, MAP_WRITE);
	map_large(DIRECT_MAP + hpa, hpa, extents.list[0].size - fine, MAP_WRITE);
}

/*
 * The park pages stay where the loader mapped them: its level-3 entry is copied. The loader's top
 * and level-3 tables lie in the private area; what the entry points to is the module's.
 */
static void keep_park_pages(void)
{
	uint64_t *loader = table_at(cr3_read() & PTE_ADDR);
	uint64_t high = loader[INDEX(ISLE_PARK_VA, 4)];

	if (!(high & PTE_P))
		return;
	loader = table_at(high & PTE_ADDR);
	*entry_for(ISLE_PARK_VA, 3) = loader[INDEX(ISLE_PARK_VA, 3)];
}

void mmu_init(void)
{
	const struct isle_extent *e;

	mmu_root = table_make();
	root = table_at(mmu_root);
	map_private();
	keep_park_pages();
	cr3_write(mmu_root);
	for (e = extents.list + 1; e < extents.list + extents.nr; e++)
		map_large(DIRECT_MAP + e->hpa, e->hpa, e->size, MAP_WRITE);
}

const uint64_t *mmu_root_table(void)
{
	return root;
}

int mmu_map_page(uint64_t va, isle_hpa_t hpa, uint32_t prot)
{
	int err = 0;
	uint64_t *entry;

	spin_lock(&lock);
	entry = entry_for(va, 1);
	if (!entry)
		err = -ENOMEM;
	else if (*entry & PTE_P)
		err = -EEXIST;
	else
		*entry = hpa | bits_for(prot);
	spin_unlock(&lock);
	return err;
}

/* The visitor's state on the way down. */
struct walk {
	void (*visit)(const struct mmu_leaf *leaf, void *arg);
	void *arg;
};

static void walk_table(const struct walk *walk, const uint64_t *table, uint32_t level,
		       struct mmu_leaf above)
{
	uint64_t step = SIZE_4K << (9 * (level - 1));
	uint32_t i;

	for (i = level == 4 ? KERNEL_HALF : 0; i < 512; i++) {
		uint64_t entry = table[i];
		struct mmu_leaf leaf = above;

		leaf.va = above.va + i * step;
		if (level == 4)
			leaf.va |= 0xffff000000000000ull;
		if (!(entry & PTE_P) || leaf.va == ISLE_PARK_VA)
			continue;
		leaf.hpa = entry & PTE_ADDR;
		leaf.size = step;
		leaf.write = above.write && (entry & PTE_W);
		leaf.exec = above.exec && !(entry & PTE_NX);
		leaf.user = above.user && (entry & PTE_U);
		if (level == 1 || (entry & PTE_LARGE))
			walk->visit(&leaf, walk->arg);
		else
			walk_table(walk, table_at(leaf.hpa), level - 1, leaf);
	}
}

void mmu_visit(void (*visit)(const struct mmu_leaf *leaf, void *arg), void *arg)
{
	const struct walk walk = { visit, arg };
	const struct mmu_leaf top = { .write = true, .exec = true, .user = true };

	walk_table(&walk, root, 4, top);
}
