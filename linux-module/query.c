// SPDX-License-Identifier: GPL-2.0
/*
 * query.c - commands that only look: LIST, STAT, LOG, COUNTERS, RESERVED, INFO.
 *
 * They work on any isle by its number, living or kept, so they take a reference; isle memory is
 * read under log_lock, with which reaping takes it away.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/tsc.h>

#include <isle/call.h>
#include <isle/window.h>

#include "cpu.h"
#include "doorbell.h"
#include "ioctl.h"
#include "isle.h"
#include "lapic.h"
#include "mem.h"

/* A sleeping follower looks by itself too: an isle rings for its log only when the ring fills. */
#define FOLLOW_STEP_MS  50
#define MAX_ROOM        (1u << 16)

long isle_command_info(struct isle_call *call, void *arg)
{
	struct isle_info *info = arg;

	info->revision = ISLE_ABI_REVISION;
	info->flags = isle_lapic_is_x2apic() ? ISLE_INFO_F_X2APIC : 0;
	info->nr_isles = isle_count();
	isle_cpu_count(&info->reserved_cpus, &info->free_cpus);
	info->vector = isle_doorbell_vector();
	isle_mem_count(&info->reserved_mem, &info->free_mem);
	info->inits_sent = isle_lapic_inits();
	info->doorbells = isle_doorbell_total();
	info->tsc_khz = tsc_khz;
	return 0;
}

long isle_command_list(struct isle_call *call, void *arg)
{
	struct isle_list *list = arg;
	u32 room = min(list->nr, MAX_ROOM), nr;
	u32 *ids;
	long err = 0;

	ids = kvcalloc(room + 1, sizeof(*ids), GFP_KERNEL);
	if (!ids)
		return -ENOMEM;
	nr = isle_list_ids(ids, room);
	if (copy_to_user(u64_to_user_ptr(list->ids_ptr), ids, min(nr, room) * sizeof(*ids)))
		err = isle_fail(call, -EFAULT, "ids_ptr is not a usable address");
	list->nr = nr;
	kvfree(ids);
	return err;
}

static struct isle *find(struct isle_call *call, u32 id)
{
	struct isle *isle = isle_find(id);

	if (!isle)
		isle_fail(call, -ENOENT, "there is no isle %u, and no log of it", id);
	return isle;
}

void isle_channel_read(const struct isle *isle, struct isle_channel *sum)
{
	const struct isle_slot *slot = isle_va(isle, isle->at.end + ISLE_WINDOW_SLOTS);
	u32 i;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < ISLE_MAX_SLOTS; i++) {
		sum->calls += READ_ONCE(slot[i].calls);
		sum->waits += READ_ONCE(slot[i].waits);
		sum->wakes += READ_ONCE(slot[i].rings);
		sum->copied += READ_ONCE(slot[i].copied);
	}
}

/* log_lock. */
static void stat_channel(struct isle *isle, struct isle_stat *st)
{
	struct isle_channel sum = isle->last_channel;

	if (isle->boot)
		isle_channel_read(isle, &sum);
	st->rings = atomic64_read(&isle->rings);
	st->calls = sum.calls;
	st->waits = sum.waits;
	st->wakes = sum.wakes;
	st->copied = sum.copied;
}

/* log_lock: of the isle's memory, or what was saved of it. */
static void stat_memory(struct isle *isle, struct isle_stat *st)
{
	stat_channel(isle, st);
	st->reaped = isle->reaped;
	st->log_end = isle->log.end;
	if (!isle->boot) {
		st->kernel_state = isle->last_state;
		st->entry_tsc = isle->entry_tsc;
		st->first_log_tsc = isle->first_log_tsc;
		st->up_tsc = isle->up_tsc;
		return;
	}
	st->kernel_state = READ_ONCE(isle->boot->state);
	st->entry_tsc = READ_ONCE(isle->boot->entry_tsc);
	st->first_log_tsc = READ_ONCE(isle->boot->first_log_tsc);
	st->up_tsc = READ_ONCE(isle->boot->up_tsc);
}

/* Rings that no interrupt told us about are found by whoever asks. */
static void refresh(struct isle *isle)
{
	isle_doorbell_poll(isle);
	isle_log_drain(isle);
}

long isle_command_stat(struct isle_call *call, void *arg)
{
	struct isle_stat *st = arg;
	struct isle *isle;
	u32 id = st->isle_id;

	isle = find(call, id);
	if (!isle)
		return -ENOENT;
	refresh(isle);
	memset(st, 0, sizeof(*st));
	st->isle_id = id;
	st->owner_pid = READ_ONCE(isle->owner_pid);
	st->owner_uid = isle->owner_uid;
	st->nr_cpus = isle->nr_cpus;
	st->cpus = isle->cpuset;
	st->mem_size = isle->mem_size;
	memcpy(st->mem_node, isle->mem_node, sizeof(st->mem_node));
	st->doorbells = READ_ONCE(isle->doorbells);
	st->created_ns = isle->created_ns;
	st->life = isle_life(isle);
	if (isle_life_ended(st->life)) {
		st->exit_code = isle->exit_code;
		memcpy(st->why, isle->why, sizeof(st->why));
	}
	mutex_lock(&isle->log_lock);
	stat_memory(isle, st);
	mutex_unlock(&isle->log_lock);
	isle_put(isle);
	return 0;
}

static bool has_news(struct isle *isle, u64 pos)
{
	return READ_ONCE(isle->log.end) > pos || READ_ONCE(isle->reaped);
}

/* Sleeps until there is a record behind pos, the isle is reaped, or the time is up. */
static void follow(struct isle *isle, u64 pos, u32 timeout_ms)
{
	long left = msecs_to_jiffies(timeout_ms), step;

	while (left > 0 && !signal_pending(current)) {
		step = min_t(long, left, msecs_to_jiffies(FOLLOW_STEP_MS));
		wait_event_interruptible_timeout(isle->wait, has_news(isle, pos), step);
		left -= step;
		isle_log_drain(isle);
		if (has_news(isle, pos))
			return;
	}
}

static long read_log(struct isle_call *call, struct isle *isle, struct isle_log_read *l)
{
	void __user *buf = u64_to_user_ptr(l->buf_ptr);
	bool reaped;
	int n;

	refresh(isle);
	if ((l->flags & ISLE_LOG_F_FOLLOW) && READ_ONCE(isle->log.end) <= l->pos)
		follow(isle, l->pos, l->timeout_ms);
	/* Before the records: what comes after it is nothing. */
	reaped = READ_ONCE(isle->reaped);
	n = isle_log_read(isle, &l->pos, buf, l->size, &l->lost);
	if (n < 0)
		return isle_fail(call, n, "buf_ptr is not a usable address");
	l->size = n;
	l->ended = reaped && l->pos >= READ_ONCE(isle->log.end);
	return 0;
}

long isle_command_log(struct isle_call *call, void *arg)
{
	struct isle_log_read *l = arg;
	struct isle *isle;
	long err;

	if (l->flags & ~ISLE_LOG_F_FOLLOW)
		return isle_fail(call, -EINVAL, "LOG knows no such flags");
	if (l->size < ISLE_LOG_RECORD_MAX)
		return isle_fail(call, -EINVAL,
				 "a buffer of %u bytes is too small: a record may have %u", l->size,
				 ISLE_LOG_RECORD_MAX);
	isle = find(call, l->isle_id);
	if (!isle)
		return -ENOENT;
	err = read_log(call, isle, l);
	isle_put(isle);
	return err;
}

/* Through a page of ours: copying to the caller may sleep for long, and need the memory we hold. */
static long copy_counters(struct isle *isle, u32 row, struct isle_counters *page, void __user *to)
{
	mutex_lock(&isle->log_lock);
	if (isle->boot)
		memcpy(page, isle_va(isle, isle->at.counters + row * sizeof(*page)), sizeof(*page));
	else
		memcpy(page, &isle->last_counters[row], sizeof(*page));
	mutex_unlock(&isle->log_lock);
	return copy_to_user(to, page, sizeof(*page)) ? -EFAULT : 0;
}

long isle_command_counters(struct isle_call *call, void *arg)
{
	struct isle_counters_read *c = arg;
	struct isle_counters __user *to = u64_to_user_ptr(c->buf_ptr);
	struct isle_counters *page;
	struct isle *isle;
	long err = 0;
	u32 row;

	isle = find(call, c->isle_id);
	if (!isle)
		return -ENOENT;
	page = kmalloc(sizeof(*page), GFP_KERNEL);
	if (!page)
		err = -ENOMEM;
	for (row = 0; row < min(c->nr, isle->nr_cpus) && !err; row++)
		err = copy_counters(isle, row, page, to + row);
	if (err == -EFAULT)
		isle_fail(call, err, "buf_ptr is not a usable address");
	c->nr = isle->nr_cpus;
	kfree(page);
	isle_put(isle);
	return err;
}

static long copy_rows(struct isle_call *call, u64 to, const void *rows, u64 size)
{
	if (copy_to_user(u64_to_user_ptr(to), rows, size))
		return isle_fail(call, -EFAULT, "cpus_ptr or extents_ptr is not a usable address");
	return 0;
}

long isle_command_reserved(struct isle_call *call, void *arg)
{
	struct isle_reserved *r = arg;
	u32 cpu_room = min(r->nr_cpus, MAX_ROOM), extent_room = min(r->nr_extents, MAX_ROOM);
	struct isle_reserved_extent *extents;
	struct isle_reserved_cpu *cpus;
	long err = -ENOMEM;

	cpus = kvcalloc(cpu_room + 1, sizeof(*cpus), GFP_KERNEL);
	extents = kvcalloc(extent_room + 1, sizeof(*extents), GFP_KERNEL);
	if (!cpus || !extents)
		goto out_free;
	mutex_lock(&isle_reserve_lock);
	r->nr_cpus = isle_cpu_list(cpus, cpu_room);
	r->nr_extents = isle_mem_list(extents, extent_room);
	mutex_unlock(&isle_reserve_lock);
	err = copy_rows(call, r->cpus_ptr, cpus, min(r->nr_cpus, cpu_room) * sizeof(*cpus));
	if (!err)
		err = copy_rows(call, r->extents_ptr, extents,
				min(r->nr_extents, extent_room) * sizeof(*extents));
out_free:
	kvfree(extents);
	kvfree(cpus);
	return err;
}
