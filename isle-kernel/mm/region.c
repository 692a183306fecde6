// SPDX-License-Identifier: MIT
/*
 * region.c - the ordered set of regions of an address space.
 *
 * An array of pointers sorted by address. A program has tens to hundreds of regions: binary search
 * in an array touches fewer lines than a tree of that size, and moving a few hundred pointers costs
 * less than rebalancing. Functions that may fail do so before they change anything; splitting is
 * the only step that needs memory.
 */
#include <kern/region.h>

#include <kern/errno.h>
#include <kern/kmalloc.h>
#include <kern/string.h>

#define ROOM_FIRST  64u

void region_set_init(struct region_set *set, void (*hold)(struct region *), void (*drop)(struct region *))
{
	memset(set, 0, sizeof(*set));
	set->hold = hold;
	set->drop = drop;
}

void region_set_fini(struct region_set *set)
{
	size_t i;

	for (i = 0; i < set->nr; i++) {
		set->drop(set->sorted[i]);
		kfree(set->sorted[i]);
	}
	kfree(set->sorted);
	region_set_init(set, set->hold, set->drop);
}

/* Index of the first region that ends behind addr. */
static size_t index_from(const struct region_set *set, isle_uva_t addr)
{
	size_t low = 0, high = set->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (set->sorted[mid]->end <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct region *region_find_from(const struct region_set *set, isle_uva_t addr)
{
	size_t i = index_from(set, addr);

	return i < set->nr ? set->sorted[i] : NULL;
}

struct region *region_find(struct region_set *set, isle_uva_t addr)
{
	struct region *region;

	/* Faults mostly come from where the one before came from. */
	if (set->last < set->nr) {
		region = set->sorted[set->last];
		if (region->start <= addr && addr < region->end)
			return region;
	}
	set->last = index_from(set, addr);
	region = set->last < set->nr ? set->sorted[set->last] : NULL;
	return region && region->start <= addr ? region : NULL;
}

struct region *region_next(const struct region_set *set, const struct region *region)
{
	return region_find_from(set, region->end);
}

bool region_range_free(const struct region_set *set, isle_uva_t start, isle_uva_t end)
{
	struct region *region = region_find_from(set, start);

	return !region || region->start >= end;
}

bool region_range_full(const struct region_set *set, isle_uva_t start, isle_uva_t end)
{
	size_t i = index_from(set, start);
	isle_uva_t at = start;

	for (; i < set->nr && at < end; i++) {
		if (set->sorted[i]->start > at)
			return false;
		at = set->sorted[i]->end;
	}
	return at >= end;
}

/* Makes room for n more pointers. 0, or -ENOMEM. */
static int room_make(struct region_set *set, size_t n)
{
	struct region **sorted;
	size_t room = set->room ? set->room : ROOM_FIRST;

	while (room < set->nr + n)
		room *= 2;
	if (room == set->room)
		return 0;
	sorted = kmalloc(room * sizeof(struct region *));
	if (!sorted)
		return -ENOMEM;
	if (set->nr)
		memcpy(sorted, set->sorted, set->nr * sizeof(struct region *));
	kfree(set->sorted);
	set->sorted = sorted;
	set->room = room;
	return 0;
}

static void index_insert(struct region_set *set, size_t i, struct region *region)
{
	memmove(&set->sorted[i + 1], &set->sorted[i], (set->nr - i) * sizeof(struct region *));
	set->sorted[i] = region;
	set->nr++;
}

static void index_remove(struct region_set *set, size_t i, size_t n)
{
	memmove(&set->sorted[i], &set->sorted[i + n], (set->nr - i - n) * sizeof(struct region *));
	set->nr -= n;
}

/* True if b continues a: same kind and rights, and (files) the bytes that follow. */
static bool continues(const struct region *a, const struct region *b)
{
	if (a->end != b->start || a->prot != b->prot || a->flags != b->flags || a->kind != b->kind ||
	    !policy_equal(&a->policy, &b->policy))
		return false;
	if (a->kind == REGION_ANON)
		return a->name == b->name;
	return a->kind == REGION_FILE && a->file == b->file && a->file_off + (a->end - a->start) == b->file_off;
}

/* Joins region i with its successor if that continues it. */
static bool join_next(struct region_set *set, size_t i)
{
	struct region *a, *b;

	if (i + 1 >= set->nr)
		return false;
	a = set->sorted[i];
	b = set->sorted[i + 1];
	if (!continues(a, b))
		return false;
	a->end = b->end;
	index_remove(set, i + 1, 1);
	set->drop(b);
	kfree(b);
	return true;
}

void region_merge(struct region_set *set, isle_uva_t start, isle_uva_t end)
{
	size_t i = index_from(set, start ? start - 1 : 0);

	while (i < set->nr && set->sorted[i]->start <= end)
		if (!join_next(set, i))
			i++;
}

struct region *region_insert(struct region_set *set, const struct region *model)
{
	struct region *region;
	size_t i = index_from(set, model->start);

	/* The frequent case: memory that grows a neighbour needs no new region. */
	if (model->kind == REGION_ANON && i > 0 && continues(set->sorted[i - 1], model)) {
		region = set->sorted[i - 1];
		region->end = model->end;
		set->bytes += model->end - model->start;
		join_next(set, i - 1);
		return region;
	}
	if (room_make(set, 1))
		return NULL;
	region = kmalloc(sizeof(*region));
	if (!region)
		return NULL;
	*region = *model;
	index_insert(set, i, region);
	set->bytes += region->end - region->start;
	join_next(set, i);
	if (i > 0 && join_next(set, i - 1))
		region = set->sorted[i - 1];
	return region;
}

int region_split(struct region_set *set, isle_uva_t addr)
{
	size_t i = index_from(set, addr);
	struct region *low, *high;

	if (i == set->nr || set->sorted[i]->start >= addr)
		return 0;
	if (room_make(set, 1))
		return -ENOMEM;
	high = kmalloc(sizeof(*high));
	if (!high)
		return -ENOMEM;
	low = set->sorted[i];
	*high = *low;
	high->start = addr;
	if (high->kind != REGION_ANON)
		high->file_off += addr - low->start;
	low->end = addr;
	set->hold(high);
	index_insert(set, i + 1, high);
	return 0;
}

int region_split_ends(struct region_set *set, isle_uva_t start, isle_uva_t end)
{
	int err = region_split(set, start);

	if (err)
		return err;
	err = region_split(set, end);
	if (err)
		region_merge(set, start, start);
	return err;
}

int region_remove(struct region_set *set, isle_uva_t start, isle_uva_t end)
{
	size_t first, i;
	int err = region_split_ends(set, start, end);

	if (err)
		return err;
	first = index_from(set, start);
	for (i = first; i < set->nr && set->sorted[i]->start < end; i++) {
		set->bytes -= set->sorted[i]->end - set->sorted[i]->start;
		set->drop(set->sorted[i]);
		kfree(set->sorted[i]);
	}
	index_remove(set, first, i - first);
	return 0;
}

int region_protect(struct region_set *set, isle_uva_t start, isle_uva_t end, uint32_t prot)
{
	size_t i;
	int err = region_split_ends(set, start, end);

	if (err)
		return err;
	for (i = index_from(set, start); i < set->nr && set->sorted[i]->start < end; i++)
		set->sorted[i]->prot = prot;
	region_merge(set, start, end);
	return 0;
}

void region_grow_down(struct region_set *set, struct region *region, isle_uva_t start)
{
	set->bytes += region->start - start;
	region->start = start;
}

int region_flag(struct region_set *set, isle_uva_t start, isle_uva_t end, uint32_t on, uint32_t off)
{
	size_t i;
	int err = region_split_ends(set, start, end);

	if (err)
		return err;
	for (i = index_from(set, start); i < set->nr && set->sorted[i]->start < end; i++)
		set->sorted[i]->flags = (set->sorted[i]->flags & ~off) | on;
	region_merge(set, start, end);
	return 0;
}

isle_uva_t region_hole(const struct region_set *set, uint64_t size, uint64_t align, isle_uva_t bottom, isle_uva_t top)
{
	size_t i = index_from(set, top);
	isle_uva_t high = top;

	/* A region that reaches over top ends the first hole where it begins. */
	if (i < set->nr && set->sorted[i]->start < top)
		high = set->sorted[i]->start;
	for (;;) {
		isle_uva_t low = i > 0 ? set->sorted[i - 1]->end : 0, at;

		if (low < bottom)
			low = bottom;
		if (high > low && high - low >= size) {
			at = (high - size) & ~(align - 1);
			if (at >= low)
				return at;
		}
		if (i == 0 || low == bottom)
			return 0;
		i--;
		high = set->sorted[i]->start;
	}
}
