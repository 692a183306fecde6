// SPDX-License-Identifier: MIT
/*
 * remap.c - mremap, discarding, and questions about ranges.
 */
#include <kern/aspace.h>

#include <arch/umap.h>
#include <kern/errno.h>

#include <isle/window.h>

#include "mm_priv.h"

#define PAGE_LOW  (ISLE_PAGE_SIZE - 1)

enum { MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2, MREMAP_DONTUNMAP = 4 };

/* Grows the region in place if what follows is free. Lock held. */
static bool grow_here(struct aspace *aspace, isle_uva_t old, uint64_t old_size, uint64_t new_size)
{
	const struct region *region = region_find(&aspace->regions, old);
	struct region more = *region;

	if (region->end != old + old_size || old + new_size > ISLE_USER_TOP ||
	    !region_range_free(&aspace->regions, old + old_size, old + new_size))
		return false;
	more.file_off += more.kind == REGION_ANON ? 0 : old + old_size - region->start;
	more.start = old + old_size;
	more.end = old + new_size;
	if (more.kind == REGION_FILE)
		file_hold(&more);
	if (region_insert(&aspace->regions, &more))
		return true;
	file_drop(&more);
	return false;
}

/* Moves to another place. Lock held. */
static int64_t move(struct aspace *aspace, isle_uva_t old, uint64_t old_size, uint64_t new_size, isle_uva_t to)
{
	const struct region *region = region_find(&aspace->regions, old);
	struct region model = *region;
	int err;

	if (!to)
		to = region_hole(&aspace->regions, new_size,
				 new_size >= ISLE_GRANULE_SIZE ? ISLE_GRANULE_SIZE : ISLE_PAGE_SIZE,
				 ISLE_USER_BOTTOM, aspace->mmap_top);
	if (!to)
		return -ENOMEM;
	model.file_off += model.kind == REGION_ANON ? 0 : old - region->start;
	model.start = to;
	model.end = to + new_size;
	file_hold(&model);
	if (!region_insert(&aspace->regions, &model)) {
		file_drop(&model);
		return -ENOMEM;
	}
	err = pages_move(aspace, old, to, old_size < new_size ? old_size : new_size);
	if (!err)
		err = range_clear(aspace, old, old + old_size);
	return err ? err : (int64_t)to;
}

/* Linux's pages: the proxy moves its mapping, and they are pinned anew. Lock held. */
static int64_t linux_remap(struct aspace *aspace, isle_uva_t old, uint64_t old_size, uint64_t new_size,
			   uint32_t flags, isle_uva_t to)
{
	const struct region *region = region_find(&aspace->regions, old);
	int err = 0;

	if (flags & MREMAP_FIXED) {
		err = range_clear(aspace, to, to + new_size);
	} else {
		if (new_size < old_size)
			err = range_clear(aspace, old + new_size, old + old_size);
		if (new_size <= old_size)
			return err ? err : (int64_t)old;
		to = old;
		if (region->end != old + old_size || new_size > ISLE_USER_TOP - old ||
		    !region_range_free(&aspace->regions, old + old_size, old + new_size))
			to = flags & MREMAP_MAYMOVE ?
				region_hole(&aspace->regions, new_size, ISLE_PAGE_SIZE, ISLE_USER_BOTTOM,
					    aspace->mmap_top) : 0;
		if (!to)
			return -ENOMEM;
	}
	return err ? err : shared_remap(aspace, old, old_size, to, new_size);
}

static int64_t remap_locked(struct aspace *aspace, isle_uva_t old, uint64_t old_size, uint64_t new_size,
			    uint32_t flags, isle_uva_t to)
{
	const struct region *region = region_find(&aspace->regions, old);
	int err = 0;

	if (!region || region->end < old + old_size || (region->flags & REGION_F_KERNEL))
		return -EFAULT;
	if (region->kind == REGION_SHARED)
		return linux_remap(aspace, old, old_size, new_size, flags, to);
	if (flags & MREMAP_FIXED) {
		err = range_clear(aspace, to, to + new_size);
		return err ? err : move(aspace, old, old_size, new_size, to);
	}
	if (new_size <= old_size) {
		if (new_size < old_size)
			err = range_clear(aspace, old + new_size, old + old_size);
		return err ? err : (int64_t)old;
	}
	if (grow_here(aspace, old, old_size, new_size))
		return (int64_t)old;
	return flags & MREMAP_MAYMOVE ? move(aspace, old, old_size, new_size, 0) : -ENOMEM;
}

int64_t aspace_remap(struct aspace *aspace, isle_uva_t old, uint64_t old_size, uint64_t new_size, uint64_t flags,
		     isle_uva_t to)
{
	int64_t at;

	old_size = (old_size + PAGE_LOW) & ~PAGE_LOW;
	new_size = (new_size + PAGE_LOW) & ~PAGE_LOW;
	if ((old & PAGE_LOW) || !new_size || !old_size || (flags & ~3ull) || flags == MREMAP_FIXED)
		return -EINVAL;
	if (old >= ISLE_USER_TOP || old_size > ISLE_USER_TOP - old)
		return -EFAULT;
	if (new_size > ISLE_USER_TOP)
		return -ENOMEM;
	if ((flags & MREMAP_FIXED) &&
	    ((to & PAGE_LOW) || to < ISLE_USER_BOTTOM || to > ISLE_USER_TOP - new_size ||
	     (to < old + old_size && old < to + new_size)))
		return -EINVAL;
	mutex_lock(&aspace->lock);
	at = remap_locked(aspace, old, old_size, new_size, (uint32_t)flags, to);
	mutex_unlock(&aspace->lock);
	return at;
}

int aspace_discard(struct aspace *aspace, isle_uva_t addr, uint64_t size)
{
	struct region *region;
	isle_uva_t at = addr, end = addr + size;
	int err = 0;

	mutex_lock(&aspace->lock);
	if (!region_range_full(&aspace->regions, addr, end))
		err = -ENOMEM;
	for (region = region_find_from(&aspace->regions, at); !err && region && region->start < end;
	     region = region_next(&aspace->regions, region)) {
		isle_uva_t low = region->start > addr ? region->start : addr;
		isle_uva_t high = region->end < end ? region->end : end;

		/* Shared pages are the file's, and some are the kernel's: there is nothing to forget. */
		if (region->kind != REGION_SHARED && !(region->flags & REGION_F_KERNEL))
			err = pages_remove(aspace, low, high);
	}
	mutex_unlock(&aspace->lock);
	return err;
}

int aspace_flag(struct aspace *aspace, isle_uva_t addr, uint64_t size, uint32_t on, uint32_t off)
{
	int err = -ENOMEM;

	mutex_lock(&aspace->lock);
	if (region_range_full(&aspace->regions, addr, addr + size))
		err = region_flag(&aspace->regions, addr, addr + size, on, off);
	mutex_unlock(&aspace->lock);
	return err;
}

bool aspace_covers(struct aspace *aspace, isle_uva_t addr, uint64_t size)
{
	bool full;

	mutex_lock(&aspace->lock);
	full = region_range_full(&aspace->regions, addr, addr + size);
	mutex_unlock(&aspace->lock);
	return full;
}

bool aspace_has_shared(struct aspace *aspace, isle_uva_t addr, uint64_t size)
{
	const struct region *region;
	bool has = false;

	mutex_lock(&aspace->lock);
	for (region = region_find_from(&aspace->regions, addr); region && region->start < addr + size && !has;
	     region = region_next(&aspace->regions, region))
		has = region->kind == REGION_SHARED;
	mutex_unlock(&aspace->lock);
	return has;
}

bool aspace_present(struct aspace *aspace, isle_uva_t addr)
{
	bool present;

	mutex_lock(&aspace->lock);
	present = umap_get(aspace->root, addr).level != 0;
	mutex_unlock(&aspace->lock);
	return present;
}

bool aspace_is_shared(struct aspace *aspace, isle_uva_t addr)
{
	/* Without shared mappings nobody waits for the lock. */
	return __atomic_load_n(&aspace->nr_shared, __ATOMIC_RELAXED) && aspace_has_shared(aspace, addr, 1);
}

isle_hpa_t aspace_shared_at(struct aspace *aspace, isle_uva_t addr)
{
	struct upage page = { .level = 0 };

	/* Without shared mappings nobody waits for the lock. */
	if (!__atomic_load_n(&aspace->nr_shared, __ATOMIC_RELAXED))
		return 0;
	mutex_lock(&aspace->lock);
	page = umap_get(aspace->root, addr);
	mutex_unlock(&aspace->lock);
	return page.foreign ? page.hpa + (addr & PAGE_LOW) : 0;
}
