/* SPDX-License-Identifier: GPL-2.0 */
/*
 * region.h - arithmetic of memory regions: arrays of (start, size, node).
 */
#ifndef ISLE_REGION_H
#define ISLE_REGION_H

#include "pure.h"

struct isle_region {
	uint64_t start;
	uint64_t size;
	uint32_t node;
	uint32_t reserved;
};

/* Sorts by start. */
void isle_region_sort(struct isle_region *r, size_t nr);

/* Joins neighbours of the same node in a sorted array. Returns how many regions are left. */
size_t isle_region_merge(struct isle_region *r, size_t nr);

/* Sum of the regions of a node. */
uint64_t isle_region_total(const struct isle_region *r, size_t nr, uint32_t node);

/*
 * Chooses size bytes of a node out of free regions, in as few pieces as possible: the smallest
 * region that holds all of it, else the largest ones. Pieces go to out, largest first; the free
 * array is reordered, not changed otherwise. Returns the number of pieces; -ENOMEM the node has
 * less; -E2BIG it would need more than room pieces.
 */
int isle_region_cut(struct isle_region *free_regions, size_t nr, uint32_t node, uint64_t size,
		    struct isle_region *out, size_t room);

#endif
