// SPDX-License-Identifier: GPL-2.0
/*
 * create.c - CREATE: cuts an isle out of the reserve; the file is the isle from then on.
 *
 * Locks: isle_file.lock, so that two threads do not make two isles of one file; isle_reserve_lock
 * from the first core taken until the isle is in the list, so that RELEASE sees all or nothing.
 */
#include <linux/cred.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "cpu.h"
#include "ioctl.h"
#include "isle.h"
#include "mem.h"
#include "reap.h"
#include "reserve.h"
#include "trace.h"

static u32 used_nodes(const struct isle *isle)
{
	u32 i, nr = 0, node;
	bool used;

	for (node = 0; node < ISLE_MAX_NODES; node++) {
		used = isle->mem_node[node];
		for (i = 0; i < isle->nr_cpus; i++)
			used = used || isle->cpu[i]->node == node;
		nr += used;
	}
	return nr;
}

static bool alloc_tables(struct isle *isle)
{
	isle->late = kvcalloc(isle->nr_cpus, sizeof(*isle->late), GFP_KERNEL);
	isle->piece_ipa = kvcalloc(isle->nr_pieces, sizeof(*isle->piece_ipa), GFP_KERNEL);
	isle->last_counters = kvcalloc(isle->nr_cpus, sizeof(*isle->last_counters), GFP_KERNEL);
	return isle->late && isle->piece_ipa && isle->last_counters;
}

/* The first piece must be large: of all, and of row 0's node among equals. */
static void order_pieces(struct isle *isle)
{
	u32 i, best = 0, node = isle->cpu[0]->node;

	for (i = 1; i < isle->nr_pieces; i++) {
		const struct isle_region *a = &isle->piece[i], *b = &isle->piece[best];

		if (a->size > b->size || (a->size == b->size && a->node == node && b->node != node))
			best = i;
	}
	swap(isle->piece[0], isle->piece[best]);
}

static void describe(struct isle *isle, const struct isle_mem *mem, u32 nr_mem)
{
	u32 i;

	for (i = 0; i < isle->nr_pieces; i++) {
		isle->piece_ipa[i] = isle->mem_size;
		isle->mem_size += isle->piece[i].size;
	}
	for (i = 0; i < isle->nr_cpus; i++)
		isle_cpuset_add(&isle->cpuset, isle->cpu[i]->linux_cpu);
	isle->owner_pid = task_tgid_nr(current);
	isle->owner_uid = from_kuid(&init_user_ns, current_uid());
	isle->created_ns = ktime_get_real_ns();
}

/* isle_reserve_lock. Cores and memory, marked as the isle's; undone by isle_reap_parts(). */
static long take_parts(struct isle_call *call, struct isle *isle, const struct isle_create *c,
		       const struct isle_mem *mem)
{
	bool span = c->flags & ISLE_CREATE_F_SPAN;
	long n;
	u32 i;

	n = isle_cpu_take(isle->id, &c->cpus, c->nr_cpus, c->node, span, isle->cpu, call->why);
	if (n < 0)
		return n;
	isle->nr_cpus = n;
	n = isle_mem_take(isle->id, mem, c->nr_mem, isle->piece, ISLE_MAX_EXTENTS, call->why);
	if (n < 0)
		return n;
	isle->nr_pieces = n;
	for (i = 0; i < c->nr_mem; i++)
		isle->mem_node[mem[i].node] += mem[i].size;
	if (!span && used_nodes(isle) > 1)
		return isle_fail(call, -EINVAL,
				 "CPUs and memory are of several nodes: name those of one, or "
				 "allow several");
	order_pieces(isle);
	return 0;
}

static struct isle *make_isle(struct isle_call *call, const struct isle_create *c,
			      const struct isle_mem *mem)
{
	struct isle *isle = isle_alloc(isle_next_id());
	long err = -ENOMEM;

	if (!isle)
		return ERR_PTR(-ENOMEM);
	isle->cpu = kvcalloc(ISLE_MAX_CPUS, sizeof(*isle->cpu), GFP_KERNEL);
	isle->piece = kvcalloc(ISLE_MAX_EXTENTS, sizeof(*isle->piece), GFP_KERNEL);
	if (!isle->cpu || !isle->piece)
		goto err_put;
	mutex_lock(&isle_reserve_lock);
	err = take_parts(call, isle, c, mem);
	if (!err && !alloc_tables(isle))
		err = -ENOMEM;
	if (!err) {
		describe(isle, mem, c->nr_mem);
		err = isle_publish(isle);
	}
	mutex_unlock(&isle_reserve_lock);
	if (!err)
		return isle;
	isle_reap_parts(isle);
err_put:
	isle_put(isle);
	return ERR_PTR(err);
}

static long check_create(struct isle_call *call, const struct isle_create *c)
{
	if (c->flags & ~ISLE_CREATE_F_SPAN)
		return isle_fail(call, -EINVAL, "CREATE knows no such flags");
	if (c->nr_cpus && !isle_cpuset_is_empty(&c->cpus))
		return isle_fail(call, -EINVAL,
				 "give either a set of CPUs or their number, not both");
	if (!c->nr_mem)
		return isle_fail(call, -EINVAL, "no memory is asked for: an isle needs some");
	return 0;
}

long isle_command_create(struct isle_call *call, void *arg)
{
	struct isle_create *c = arg;
	struct isle *isle = NULL;
	struct isle_mem *mem;
	long err;

	err = check_create(call, c);
	/* A file that has an isle is told that first. */
	if (err && !call->isle)
		return err;
	mem = isle_reserve_get_mem(call, c->mem_ptr, c->nr_mem, false);
	if (IS_ERR(mem))
		return PTR_ERR(mem);
	mutex_lock(&call->file->lock);
	if (call->file->isle)
		err = isle_fail(call, -EBADFD,
				"this file is isle %u already: open another for another isle",
				call->file->isle->id);
	else
		isle = make_isle(call, c, mem);
	if (!err && IS_ERR(isle))
		err = PTR_ERR(isle);
	if (!err)
		smp_store_release(&call->file->isle, isle);
	mutex_unlock(&call->file->lock);
	kfree(mem);
	if (err)
		return err;
	c->cpus = isle->cpuset;
	c->isle_id = isle->id;
	c->mem_size = isle->mem_size;
	trace_isle_create(isle->id, isle->nr_cpus, isle->mem_size);
	return 0;
}
