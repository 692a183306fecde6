// SPDX-License-Identifier: GPL-2.0
/*
 * region.c - arithmetic of memory regions. Pure: see pure.h.
 */
#include "region.h"

static int by_start(const void *a, const void *b)
{
	const struct isle_region *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static int by_size(const void *a, const void *b)
{
	const struct isle_region *x = a, *y = b;

	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return by_start(a, b);
}

void isle_region_sort(struct isle_region *r, size_t nr)
{
	pure_sort(r, nr, sizeof(*r), by_start);
}

size_t isle_region_merge(struct isle_region *r, size_t nr)
{
	size_t i, n = 0;

	for (i = 0; i < nr; i++) {
		if (n && r[n - 1].node == r[i].node && r[n - 1].start + r[n - 1].size == r[i].start)
			r[n - 1].size += r[i].size;
		else
			r[n++] = r[i];
	}
	return n;
}

uint64_t isle_region_total(const struct isle_region *r, size_t nr, uint32_t node)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < nr; i++)
		if (r[i].node == node)
			sum += r[i].size;
	return sum;
}

/* The smallest region that holds size bytes; nr if there is none. r is sorted, largest first. */
static size_t best_fit(const struct isle_region *r, size_t nr, uint32_t node, uint64_t size)
{
	size_t i, best = nr;

	for (i = 0; i < nr && r[i].size >= size; i++)
		if (r[i].node == node)
			best = i;
	return best;
}

int isle_region_cut(struct isle_region *free_regions, size_t nr, uint32_t node, uint64_t size,
		    struct isle_region *out, size_t room)
{
	size_t i, n = 0;

	if (isle_region_total(free_regions, nr, node) < size)
		return -ENOMEM;
	pure_sort(free_regions, nr, sizeof(*free_regions), by_size);
	i = best_fit(free_regions, nr, node, size);
	if (i == nr)
		i = 0;
	for (; i < nr && size; i++) {
		if (free_regions[i].node != node)
			continue;
		if (n == room)
			return -E2BIG;
		out[n] = free_regions[i];
		if (out[n].size > size)
			out[n].size = size;
		size -= out[n++].size;
	}
	return (int)n;
}
