// SPDX-License-Identifier: MIT
/*
 * filemap.c - files behind mappings: a duplicate descriptor in the proxy, kept while a region
 * refers to it.
 *
 * The program may close its descriptor right after mmap, so the proxy keeps one of its own
 * (ISLE_CALL_KEEP). Regions count it.
 */
#include "mm_priv.h"

#include <kern/chan.h>
#include <kern/errno.h>
#include <kern/filemap.h>
#include <kern/kmalloc.h>
#include <kern/list.h>
#include <kern/lock.h>
#include <kern/region.h>

#include <isle/call.h>

struct kept {
	struct list link;
	int32_t handle;
	uint32_t holds;
};

static struct spinlock lock = SPINLOCK_INIT;    /* guards the list and holds */
static struct list kept_files = LIST_INIT(kept_files);

static struct kept *kept_find(int32_t handle)
{
	struct list *link;

	list_for_each(link, &kept_files) {
		struct kept *kept = list_entry(link, struct kept, link);

		if (kept->handle == handle)
			return kept;
	}
	return NULL;
}

int filemap_take(int32_t handle)
{
	struct kept *kept = kzalloc(sizeof(*kept));

	if (!kept) {
		chan_isle_call(ISLE_CALL_UNKEEP, (uint32_t)handle, 0, 0, 0, 0, 0);
		return -ENOMEM;
	}
	kept->handle = handle;
	kept->holds = 1;
	spin_lock(&lock);
	list_add_tail(&kept_files, &kept->link);
	spin_unlock(&lock);
	return 0;
}

int64_t filemap_keep(int32_t fd)
{
	int64_t handle = chan_isle_call(ISLE_CALL_KEEP, (uint32_t)fd, 0, 0, 0, 0, 0);

	return handle < 0 || !filemap_take((int32_t)handle) ? handle : -ENOMEM;
}

void filemap_drop(int32_t handle)
{
	struct kept *kept;
	bool last;

	spin_lock(&lock);
	kept = kept_find(handle);
	last = kept && --kept->holds == 0;
	if (last)
		list_remove(&kept->link);
	spin_unlock(&lock);
	if (!last)
		return;
	kfree(kept);
	chan_isle_call(ISLE_CALL_UNKEEP, (uint32_t)handle, 0, 0, 0, 0, 0);
}

void filemap_hold(int32_t handle)
{
	struct kept *kept;

	spin_lock(&lock);
	kept = kept_find(handle);
	if (kept)
		kept->holds++;
	spin_unlock(&lock);
}

void file_hold(struct region *region)
{
	if (region->kind == REGION_FILE)
		filemap_hold(region->file);
}

void file_drop(struct region *region)
{
	if (region->kind == REGION_FILE)
		filemap_drop(region->file);
}
