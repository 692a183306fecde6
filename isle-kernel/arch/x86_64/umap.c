// SPDX-License-Identifier: MIT
/*
 * umap.c - page tables of a program. Entries: Intel SDM vol. 3, 4.5.
 *
 * Accessed and dirty bits are set from the start: nobody reads them, and the processor need not
 * write them then. Bit 9, free for software, marks Linux's pages. From UMAP_SHARED on the top table is
 * the kernel's and the same in all tables.
 */
#include <arch/umap.h>

#include <arch/mmu.h>
#include <arch/regs.h>
#include <kern/errno.h>
#include <kern/frame.h>
#include <kern/panic.h>
#include <kern/region.h>
#include <kern/string.h>

#define PTE_P        (1ull << 0)
#define PTE_W        (1ull << 1)
#define PTE_U        (1ull << 2)
#define PTE_A        (1ull << 5)
#define PTE_D        (1ull << 6)
#define PTE_LARGE    (1ull << 7)
#define PTE_FOREIGN  (1ull << 9)
#define PTE_NX       (1ull << 63)
#define PTE_ADDR     0x000ffffffffff000ull

#define TABLE_BITS   (PTE_P | PTE_W | PTE_U | PTE_A)
#define INDEX(va, level)  ((va) >> (12 + 9 * ((level) - 1)) & 511)
/* From here on one reload of CR3 is cheaper than single invalidations. */
#define FLUSH_PAGES  32u

static uint64_t *table_of(uint64_t entry)
{
	return hpa_to_va(entry & PTE_ADDR);
}

static inline uint64_t entry_make(const struct upage *page)
{
	uint64_t entry = page->hpa | PTE_U | PTE_A | PTE_D;

	entry |= page->prot ? PTE_P : 0;
	entry |= page->prot & REGION_WRITE ? PTE_W : 0;
	entry |= page->prot & REGION_EXEC ? 0 : PTE_NX;
	entry |= page->foreign ? PTE_FOREIGN : 0;
	entry |= page->level > 1 ? PTE_LARGE : 0;
	return entry;
}

static struct upage entry_read(uint64_t entry, uint32_t level)
{
	struct upage page = { 0 };

	if (!entry)
		return page;
	page.hpa = entry & PTE_ADDR & ~(UMAP_SIZE(level) - 1);
	page.level = level;
	page.foreign = entry & PTE_FOREIGN;
	if (entry & PTE_P)
		page.prot = REGION_READ | (entry & PTE_W ? REGION_WRITE : 0) | (entry & PTE_NX ? 0 : REGION_EXEC);
	return page;
}

/* A table above level 1 holds either tables (present, not LARGE) or large pages (LARGE, present or not). */
static bool is_table(uint64_t entry, uint32_t level)
{
	return level > 1 && (entry & PTE_P) && !(entry & PTE_LARGE);
}

/* The entry that decides about uva: a page, or nothing; its level in *level. */
static inline uint64_t *entry_find(uint64_t root, isle_uva_t uva, uint32_t *level)
{
	uint64_t *table = hpa_to_va(root), *entry;
	uint32_t at = 4, shift = 12 + 9 * 3;

	for (;; at--, shift -= 9) {
		entry = &table[uva >> shift & 511];
		if (at == 1 || (*entry & (PTE_P | PTE_LARGE)) != PTE_P)
			break;
		table = table_of(*entry);
	}
	*level = at;
	return entry;
}

uint64_t umap_create(void)
{
	isle_hpa_t root = frame_alloc(1, 0, FRAME_ZERO);

	if (root == FRAME_NONE)
		return 0;
	memcpy((uint64_t *)hpa_to_va(root) + UMAP_SHARED, mmu_root_table() + UMAP_SHARED,
	       (512 - UMAP_SHARED) * sizeof(uint64_t));
	return root;
}

static void tables_free(uint64_t *table, uint32_t level)
{
	uint32_t i, end = level == 4 ? UMAP_SHARED : 512;

	for (i = 0; i < end; i++) {
		if (!is_table(table[i], level))
			continue;
		tables_free(table_of(table[i]), level - 1);
		frame_free(table[i] & PTE_ADDR, 1);
	}
}

void umap_destroy(uint64_t root)
{
	tables_free(hpa_to_va(root), 4);
	frame_free(root, 1);
}

void umap_activate(uint64_t root)
{
	cr3_write(root ? root : mmu_root);
}

uint64_t umap_active(void)
{
	return cr3_read() & PTE_ADDR;
}

/* The entry for uva in a table of the given level, tables on the way made where they are missing. NULL: no memory. */
static uint64_t *entry_reach(uint64_t root, isle_uva_t uva, uint32_t level)
{
	uint64_t *table = hpa_to_va(root);
	uint32_t at;

	for (at = 4; at > level; at--) {
		uint64_t *entry = &table[INDEX(uva, at)];

		if (!is_table(*entry, at)) {
			isle_hpa_t hpa;

			kassert(!*entry);
			hpa = frame_alloc(1, 0, FRAME_ZERO);
			if (hpa == FRAME_NONE)
				return NULL;
			*entry = hpa | TABLE_BITS;
		}
		table = table_of(*entry);
	}
	kassert(!is_table(table[INDEX(uva, at)], at));
	return &table[INDEX(uva, at)];
}

int umap_set(uint64_t root, isle_uva_t uva, const struct upage *page)
{
	uint32_t level;
	uint64_t *entry = entry_find(root, uva, &level);

	if (level != page->level)
		entry = entry_reach(root, uva, page->level);
	if (!entry)
		return -ENOMEM;
	*entry = entry_make(page);
	return 0;
}

uint32_t umap_room(uint64_t root, isle_uva_t uva, uint32_t max)
{
	uint32_t level, in_table = 512 - (uint32_t)INDEX(uva, 1);
	const uint64_t *entry = entry_find(root, uva, &level), *at = entry;
	uint64_t left;

	left = max = max < in_table ? max : in_table;
	if (level > 1)
		return *entry ? 0 : max;
	if (!max || *entry)
		return 0;
	/* At least one is zero, so it stops behind the first that is not, or at the end: is the last it saw zero? */
	__asm__ volatile("repe scasq" : "+D"(at), "+c"(left) : "a"(0ull) : "memory", "cc");
	return (uint32_t)(at - entry) - (at[-1] ? 1 : 0);
}

int umap_set_run(uint64_t root, isle_uva_t uva, const struct upage *page, uint32_t nr)
{
	uint64_t *entry = entry_reach(root, uva, 1), *end, value = entry_make(page);

	if (!entry)
		return -ENOMEM;
#pragma GCC unroll 8
	for (end = entry + nr; entry < end; value += UMAP_SIZE(1))
		*entry++ = value;
	return 0;
}

uint64_t *umap_vacant(uint64_t root, isle_uva_t uva)
{
	uint32_t level;
	uint64_t *entry = entry_find(root, uva, &level);

	return level == 1 && !*entry ? entry : NULL;
}

void umap_fill(uint64_t *place, const struct upage *page)
{
	*place = entry_make(page);
}

struct upage umap_get(uint64_t root, isle_uva_t uva)
{
	uint32_t level;
	uint64_t *entry = entry_find(root, uva, &level);

	return entry_read(*entry, level);
}

bool umap_inside(uint64_t root, isle_uva_t uva)
{
	uint32_t level;
	const uint64_t *entry = entry_find(root, uva, &level);

	return level > 1 && *entry && (uva & (UMAP_SIZE(level) - 1));
}

isle_uva_t umap_skip(uint64_t root, isle_uva_t uva)
{
	uint32_t level;

	entry_find(root, uva, &level);
	return (uva | (UMAP_SIZE(level) - 1)) + 1;
}

isle_uva_t umap_next(uint64_t root, isle_uva_t uva, isle_uva_t end)
{
	while (uva < end) {
		uint32_t level, i;
		uint64_t *entry = entry_find(root, uva, &level);

		if (*entry)
			return uva;
		/* On in the same table: most of a table is empty where little is. */
		for (i = INDEX(uva, level) + 1, entry++; i < 512 && !*entry; i++)
			entry++;
		uva = (uva & ~(UMAP_SIZE(level + 1) - 1)) + i * UMAP_SIZE(level);
	}
	/* It may have gone on behind the end. */
	return end;
}

struct upage umap_clear(uint64_t root, isle_uva_t uva)
{
	uint32_t level;
	uint64_t *entry = entry_find(root, uva, &level);
	struct upage page = entry_read(*entry, level);

	*entry = 0;
	return page;
}

int umap_split(uint64_t root, isle_uva_t uva)
{
	uint32_t level, i;
	uint64_t *entry = entry_find(root, uva, &level), *table;
	struct upage page = entry_read(*entry, level);
	isle_hpa_t hpa;

	kassert(page.level > 1);
	hpa = frame_alloc(1, 0, 0);
	if (hpa == FRAME_NONE)
		return -ENOMEM;
	table = hpa_to_va(hpa);
	page.level--;
	for (i = 0; i < 512; i++) {
		table[i] = entry_make(&page);
		page.hpa += UMAP_SIZE(page.level);
	}
	*entry = hpa | TABLE_BITS;
	return 0;
}

void umap_flush_local(isle_uva_t uva, uint64_t size)
{
	isle_uva_t at;

	if (size > FLUSH_PAGES * 0x1000ull) {
		cr3_write(cr3_read());
		return;
	}
	for (at = uva; at < uva + size; at += 0x1000)
		__asm__ volatile("invlpg (%0)" :: "r"(at) : "memory");
}
