// SPDX-License-Identifier: GPL-2.0
/*
 * mem.c - the reserve's memory: which granules it holds, and whose they are.
 *
 * The reserve is a list of extents; each has one word a granule that says whose it is, so that
 * giving memory back can never fail. What an isle holds is cut anew each time from the runs of
 * free granules (region.c). How memory is had from Linux is in gather.c.
 *
 * Locks: isle_reserve_lock, for all but the counts.
 */
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <isle/types.h>

#include "gather.h"
#include "isle.h"
#include "mem.h"

#define PINNED      0x80000000u /* owner: an isle that is gone, but Linux uses the granule */
#define RETRY_MS    500

static LIST_HEAD(extents); /* struct isle_gathered, by hpa */
static atomic64_t bytes_reserved, bytes_free;
static u64 bytes_pinned;

static void look_again(struct work_struct *work);
static DECLARE_DELAYED_WORK(retry, look_again);

static u64 granules_of(const struct isle_gathered *e)
{
	return e->size / ISLE_GRANULE_SIZE;
}

void isle_mem_commit(struct list_head *taken)
{
	struct isle_gathered *e, *next, *at;

	list_for_each_entry_safe(e, next, taken, list) {
		list_for_each_entry(at, &extents, list)
			if (at->hpa > e->hpa)
				break;
		list_move_tail(&e->list, &at->list);
		atomic64_add(e->size, &bytes_reserved);
		atomic64_add(e->size, &bytes_free);
	}
}

u64 isle_mem_release(void)
{
	u64 bytes = atomic64_read(&bytes_reserved);

	/* Granules that Linux still uses go as well: they are free when it drops them. */
	isle_mem_free(&extents);
	atomic64_set(&bytes_reserved, 0);
	atomic64_set(&bytes_free, 0);
	bytes_pinned = 0;
	return bytes;
}

/* Length of the run of granules with the owner of granule i. */
static u64 run_length(const struct isle_gathered *e, u64 i)
{
	u64 n = 1;

	while (i + n < granules_of(e) && e->owner[i + n] == e->owner[i])
		n++;
	return n;
}

/* Free runs, neighbours merged; the caller frees the array. */
static struct isle_region *free_regions(size_t *nr)
{
	struct isle_gathered *e;
	struct isle_region *r;
	size_t room = 0;
	u64 i, n;

	list_for_each_entry(e, &extents, list)
		for (i = 0; i < granules_of(e); i += run_length(e, i))
			room += !e->owner[i];
	*nr = 0;
	r = kvcalloc(room + 1, sizeof(*r), GFP_KERNEL);
	if (!r)
		return NULL;
	list_for_each_entry(e, &extents, list) {
		for (i = 0; i < granules_of(e); i += n) {
			n = run_length(e, i);
			if (e->owner[i])
				continue;
			r[(*nr)++] = (struct isle_region) {
				.start = e->hpa + i * ISLE_GRANULE_SIZE,
				.size = n * ISLE_GRANULE_SIZE, .node = e->node,
			};
		}
		cond_resched();
	}
	*nr = isle_region_merge(r, *nr);
	return r;
}

/* Calls fn for each granule of [start, start + size). */
static u32 for_granules(u64 start, u64 size, u32 arg, u32 (*fn)(u32 *owner, u64 hpa, u32 arg))
{
	struct isle_gathered *e;
	u32 sum = 0;
	u64 hpa;

	list_for_each_entry(e, &extents, list) {
		u64 from = max(start, e->hpa), to = min(start + size, e->hpa + e->size);

		for (hpa = from; hpa < to; hpa += ISLE_GRANULE_SIZE) {
			sum += fn(&e->owner[(hpa - e->hpa) / ISLE_GRANULE_SIZE], hpa, arg);
			cond_resched();
		}
	}
	return sum;
}

static u32 set_owner(u32 *owner, u64 hpa, u32 id)
{
	*owner = id;
	return 0;
}

static u32 give_granule(u32 *owner, u64 hpa, u32 id)
{
	if (isle_granule_is_used(hpa)) {
		*owner = PINNED | id;
		bytes_pinned += ISLE_GRANULE_SIZE;
		return 1;
	}
	*owner = 0;
	atomic64_add(ISLE_GRANULE_SIZE, &bytes_free);
	return 0;
}

int isle_mem_take(u32 isle_id, const struct isle_mem *want, u32 nr, struct isle_region *out,
		  u32 room, char *why)
{
	struct isle_region *r;
	size_t nr_free;
	u64 sum = 0;
	u32 i, n = 0;
	int got = 0;

	r = free_regions(&nr_free);
	if (!r)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		got = isle_region_cut(r, nr_free, want[i].node, want[i].size, out + n, room - n);
		if (got < 0)
			break;
		n += got;
		sum += want[i].size;
	}
	if (got == -ENOMEM)
		snprintf(why, ISLE_TEXT_SIZE,
			 "%llu MiB of node %u are asked for, but %llu MiB of it are free in the "
			 "reserve",
			 want[i].size >> 20, want[i].node,
			 isle_region_total(r, nr_free, want[i].node) >> 20);
	else if (got == -E2BIG)
		snprintf(why, ISLE_TEXT_SIZE,
			 "the reserve is too scattered: an isle has at most %u pieces; ask for "
			 "less, or reserve anew",
			 ISLE_MAX_EXTENTS);
	kvfree(r);
	if (got < 0)
		return got;
	for (i = 0; i < n; i++)
		for_granules(out[i].start, out[i].size, isle_id, set_owner);
	atomic64_sub(sum, &bytes_free);
	return n;
}

u32 isle_mem_give_back(u32 isle_id, const struct isle_region *pieces, u32 nr)
{
	u32 i, used = 0;

	for (i = 0; i < nr; i++)
		used += for_granules(pieces[i].start, pieces[i].size, isle_id, give_granule);
	if (used)
		schedule_delayed_work(&retry, msecs_to_jiffies(RETRY_MS));
	return used;
}

static void look_again(struct work_struct *work)
{
	struct isle_gathered *e;
	u64 i;

	mutex_lock(&isle_reserve_lock);
	/* Released meanwhile: then nobody waits for them any more. */
	if (!bytes_pinned)
		goto out_unlock;
	list_for_each_entry(e, &extents, list) {
		for (i = 0; i < granules_of(e) && bytes_pinned; i++) {
			if (!(e->owner[i] & PINNED))
				continue;
			bytes_pinned -= ISLE_GRANULE_SIZE;
			give_granule(&e->owner[i], e->hpa + i * ISLE_GRANULE_SIZE, e->owner[i]);
		}
		cond_resched();
	}
	if (bytes_pinned)
		schedule_delayed_work(&retry, msecs_to_jiffies(RETRY_MS));
	else
		pr_info("all memory that was in use by Linux is back in the reserve\n");
out_unlock:
	mutex_unlock(&isle_reserve_lock);
}

void isle_mem_count(u64 *reserved, u64 *is_free)
{
	*reserved = atomic64_read(&bytes_reserved);
	*is_free = atomic64_read(&bytes_free);
}

u32 isle_mem_list(struct isle_reserved_extent *rows, u32 room)
{
	struct isle_gathered *e;
	u32 nr = 0;
	u64 i, n;

	list_for_each_entry(e, &extents, list) {
		for (i = 0; i < granules_of(e); i += n) {
			n = run_length(e, i);
			if (nr++ >= room)
				continue;
			*rows++ = (struct isle_reserved_extent) {
				.size = n * ISLE_GRANULE_SIZE, .node = e->node,
				.isle_id = e->owner[i] & ~PINNED,
			};
		}
	}
	return nr;
}

void isle_mem_exit(void)
{
	cancel_delayed_work_sync(&retry);
}
