// SPDX-License-Identifier: MIT
/*
 * map.c - what mmap, munmap and mprotect do to an address space, without descriptors and without
 * Linux's numbers.
 *
 * Regions change first where that can fail, pages follow. Addresses grow downward from mmap_top, as
 * Linux has it; a hint that is free is honoured. Large mappings are aligned so that large pages
 * fit.
 */
#include <kern/aspace.h>

#include <arch/umap.h>
#include <kern/errno.h>
#include <kern/frame.h>
#include <kern/mirror.h>

#include <isle/window.h>

#include "mm_priv.h"

#define PAGE_LOW  (ISLE_PAGE_SIZE - 1)
#define LARGE     ISLE_GRANULE_SIZE

static bool range_valid(isle_uva_t start, uint64_t size)
{
	return size && start >= ISLE_USER_BOTTOM && start < ISLE_USER_TOP && size <= ISLE_USER_TOP - start;
}

/* Where a mapping that may lie anywhere goes; 0: nowhere. */
static isle_uva_t place_find(const struct aspace *aspace, isle_uva_t hint, uint64_t size)
{
	isle_uva_t at = 0;

	hint &= ~PAGE_LOW;
	if (hint && range_valid(hint, size) && region_range_free(&aspace->regions, hint, hint + size))
		return hint;
	if (size >= LARGE)
		at = region_hole(&aspace->regions, size, LARGE, ISLE_USER_BOTTOM, aspace->mmap_top);
	return at ? at : region_hole(&aspace->regions, size, ISLE_PAGE_SIZE, ISLE_USER_BOTTOM, aspace->mmap_top);
}

/* Tells the proxy which parts of a range were shared mappings, their pages being gone here. */
static void shared_clear(struct aspace *aspace, isle_uva_t start, isle_uva_t end)
{
	const struct region *region;

	for (region = region_find_from(&aspace->regions, start); region && region->start < end;
	     region = region_next(&aspace->regions, region))
		if (region->kind == REGION_SHARED)
			shared_release(region->start > start ? region->start : start,
				       region->end < end ? region->end : end);
}

int range_clear(struct aspace *aspace, isle_uva_t start, isle_uva_t end)
{
	int err;

	if (region_range_free(&aspace->regions, start, end))
		return 0;
	/* What may fail comes first: contents that are gone do not come back. */
	err = region_split_ends(&aspace->regions, start, end);
	if (err)
		return err;
	err = pages_remove(aspace, start, end);
	if (err) {
		region_merge(&aspace->regions, start, end);
		return err;
	}
	shared_clear(aspace, start, end);
	return region_remove(&aspace->regions, start, end);
}

/* Lock held. */
static int64_t map_locked(struct aspace *aspace, struct region *model, uint64_t size, bool fixed, bool replace)
{
	isle_uva_t at = model->start;
	int err;

	if (!fixed)
		at = place_find(aspace, at, size);
	if (!at)
		return -ENOMEM;
	if (fixed && !range_valid(at, size))
		return at < ISLE_USER_BOTTOM ? -EPERM : -ENOMEM;
	if (fixed && !replace && !region_range_free(&aspace->regions, at, at + size))
		return -EEXIST;
	err = range_clear(aspace, at, at + size);
	if (err)
		return err;
	model->start = at;
	model->end = at + size;
	return region_insert(&aspace->regions, model) ? (int64_t)at : -ENOMEM;
}

int64_t aspace_map(struct aspace *aspace, struct region *model, uint64_t size, bool fixed, bool replace)
{
	int64_t at;

	size = (size + PAGE_LOW) & ~PAGE_LOW;
	if (size == 0)
		return -EINVAL;
	if (size > ISLE_USER_TOP)
		return -ENOMEM;
	if (fixed && (model->start & PAGE_LOW))
		return -EINVAL;
	mutex_lock(&aspace->lock);
	at = map_locked(aspace, model, size, fixed, replace);
	mutex_unlock(&aspace->lock);
	return at;
}

int aspace_unmap(struct aspace *aspace, isle_uva_t addr, uint64_t size)
{
	int err;

	size = (size + PAGE_LOW) & ~PAGE_LOW;
	if ((addr & PAGE_LOW) || size == 0 || addr >= ISLE_USER_TOP || size > ISLE_USER_TOP - addr)
		return -EINVAL;
	mutex_lock(&aspace->lock);
	err = range_clear(aspace, addr, addr + size);
	mutex_unlock(&aspace->lock);
	return err;
}

/*
 * Mappings of [start, end) shall be written: false if one may not be. Pages that are pinned for reading are
 * to be pinned anew, so that Linux knows that they change. Lock held.
 */
static bool may_write(struct aspace *aspace, isle_uva_t start, isle_uva_t end)
{
	const struct region *region;

	for (region = region_find_from(&aspace->regions, start); region && region->start < end;
	     region = region_next(&aspace->regions, region))
		if ((region->flags & REGION_F_KERNEL) ||
		    (region->kind == REGION_SHARED && !(region->flags & REGION_F_MAYWRITE)))
			return false;
	for (region = region_find_from(&aspace->regions, start); region && region->start < end;
	     region = region_next(&aspace->regions, region))
		if (region->kind == REGION_SHARED && !(region->prot & REGION_WRITE))
			shared_forget(aspace, region->start > start ? region->start : start,
				      region->end < end ? region->end : end);
	return true;
}

int aspace_protect(struct aspace *aspace, isle_uva_t addr, uint64_t size, uint32_t prot)
{
	int err;

	size = (size + PAGE_LOW) & ~PAGE_LOW;
	if (addr & PAGE_LOW)
		return -EINVAL;
	if (size == 0)
		return 0;
	if (addr >= ISLE_USER_TOP || size > ISLE_USER_TOP - addr)
		return -ENOMEM;
	mutex_lock(&aspace->lock);
	if (!region_range_full(&aspace->regions, addr, addr + size))
		err = -ENOMEM;
	else if (prot & REGION_WRITE && !may_write(aspace, addr, addr + size))
		err = -EACCES;
	else
		err = region_split_ends(&aspace->regions, addr, addr + size);
	if (!err)
		err = pages_protect(aspace, addr, addr + size, prot);
	/* The proxy's mappings of Linux's pages exist whether or not a page of them is here. */
	if (!err && __atomic_load_n(&aspace->nr_shared, __ATOMIC_RELAXED))
		mirror_protect(addr, size, prot);
	if (!err)
		region_protect(&aspace->regions, addr, addr + size, prot);
	else
		region_merge(&aspace->regions, addr, addr + size);
	mutex_unlock(&aspace->lock);
	return err;
}

int aspace_show(struct aspace *aspace, isle_uva_t addr, isle_hpa_t hpa, uint64_t size)
{
	struct upage page = { .hpa = hpa, .level = 1, .prot = REGION_READ, .foreign = true };
	isle_uva_t at;
	int err;

	mutex_lock(&aspace->lock);
	err = region_flag(&aspace->regions, addr, addr + size, REGION_F_KERNEL, 0);
	if (!err)
		err = region_protect(&aspace->regions, addr, addr + size, REGION_READ);
	for (at = addr; at < addr + size && !err; at += ISLE_PAGE_SIZE, page.hpa += ISLE_PAGE_SIZE)
		err = umap_set(aspace->root, at, &page);
	mutex_unlock(&aspace->lock);
	return err;
}
