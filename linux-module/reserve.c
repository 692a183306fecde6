// SPDX-License-Identifier: GPL-2.0
/*
 * reserve.c - the commands that change the reserve: RESERVE, RELEASE, and CREATE, which cuts an
 * isle out of it.
 *
 * RESERVE takes memory first: it is quick, and can fail. CPUs come last, and when the last one is
 * parked nothing can fail any more.
 *
 * Locks: isle_reserve_lock around all of it, so the reserve changes by whole commands.
 */
#include <linux/cred.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "cpu.h"
#include "ioctl.h"
#include "isle.h"
#include "mem.h"
#include "notify.h"
#include "reap.h"
#include "reserve.h"
#include "trace.h"

static bool node_exists(u32 node)
{
	return node < min(MAX_NUMNODES, ISLE_MAX_NODES) && node_online(node);
}

static long check_mem(struct isle_call *call, const struct isle_mem *mem, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++) {
		if (mem[i].reserved)
			return isle_fail(call, -EINVAL, "a reserved field of memory request %u is not 0", i);
		if (!node_exists(mem[i].node))
			return isle_fail(call, -EINVAL, "there is no node %u with memory", mem[i].node);
		if (!mem[i].size || mem[i].size % ISLE_GRANULE_SIZE)
			return isle_fail(call, -EINVAL, "the size %llu for node %u is not a multiple of %llu MiB",
					 mem[i].size, mem[i].node, ISLE_GRANULE_SIZE >> 20);
	}
	return 0;
}

/* The caller's requests, checked. back: they will be written back, so try that now. */
static struct isle_mem *get_mem(struct isle_call *call, u64 from, u32 nr, bool back)
{
	struct isle_mem __user *user = u64_to_user_ptr(from);
	size_t size = nr * sizeof(struct isle_mem);
	struct isle_mem *mem;
	long err;

	if (nr > ISLE_MAX_NODES)
		return ERR_PTR(isle_fail(call, -E2BIG, "%u memory requests are more than the %u nodes there can be",
					 nr, ISLE_MAX_NODES));
	mem = kcalloc(nr + 1, sizeof(*mem), GFP_KERNEL);
	if (!mem)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(mem, user, size) || (back && copy_to_user(user, mem, size)))
		err = isle_fail(call, -EFAULT, "mem_ptr is not a usable address");
	else
		err = check_mem(call, mem, nr);
	if (!err)
		return mem;
	kfree(mem);
	return ERR_PTR(err);
}

struct request {
	struct isle_reserve *r;
	struct isle_mem *mem;       /* size becomes what was got */
	u64 asked[ISLE_MAX_NODES];
	struct list_head taken;
	char shortage[ISLE_TEXT_SIZE];
};

/* Why a node does not have more. */
static void say_shortage(struct request *q, u32 i)
{
	struct isle_mem_node m;
	u64 used;

	isle_mem_look(q->mem[i].node, &m);
	used = m.managed - min(m.managed, m.is_free + q->mem[i].size);
	scnprintf(q->shortage, sizeof(q->shortage),
		  "node %u: %llu MiB are asked for, %llu MiB can be had: of its %llu MiB Linux uses %llu MiB that cannot be moved and %llu MiB are free, of which it keeps %llu (reserve soon after boot, or drop caches)",
		  q->mem[i].node, q->asked[i] >> 20, q->mem[i].size >> 20, m.managed >> 20, used >> 20,
		  m.is_free >> 20, m.keep >> 20);
}

/* What could be had, without taking it. */
static u64 estimate(u32 node, u64 size)
{
	struct isle_mem_node m;

	isle_mem_look(node, &m);
	return min(size, round_down(m.managed - min(m.managed, m.keep), ISLE_GRANULE_SIZE));
}

static long gather_all(struct isle_call *call, struct request *q)
{
	bool dry = q->r->flags & ISLE_RESERVE_F_DRY_RUN, strict = q->r->flags & ISLE_RESERVE_F_STRICT;
	u64 begin = ktime_get_ns(), got;
	long err = 0;
	u32 i;

	for (i = 0; i < q->r->nr_mem && !err; i++) {
		q->asked[i] = q->mem[i].size;
		got = estimate(q->mem[i].node, q->asked[i]);
		/* Hopeless and strict: do not empty the node to find out. */
		if (!dry && !(strict && got < q->asked[i]))
			err = isle_mem_gather(q->mem[i].node, q->asked[i], &q->taken, &got);
		q->mem[i].size = got;
		if (got < q->asked[i] && !err)
			say_shortage(q, i);
		if (got < q->asked[i] && !err && strict)
			err = isle_fail(call, -ENOMEM, "%s", q->shortage);
	}
	q->r->memory_ns = ktime_get_ns() - begin;
	return err;
}

static void say_result(const struct request *q)
{
	struct isle_reserve *r = q->r;
	u64 asked = 0, got = 0;
	u32 i;

	for (i = 0; i < r->nr_mem; i++) {
		asked += q->asked[i];
		got += q->mem[i].size;
	}
	memset(r->text, 0, sizeof(r->text));
	scnprintf(r->text, sizeof(r->text), "%s%u CPUs and %llu of %llu MiB%s%s",
		  r->flags & ISLE_RESERVE_F_DRY_RUN ? "could reserve " : "reserved ",
		  isle_cpuset_count(&r->cpus), got >> 20, asked >> 20, q->shortage[0] ? "; " : "", q->shortage);
}

/* isle_reserve_lock. */
static long reserve_locked(struct isle_call *call, struct request *q)
{
	bool dry = q->r->flags & ISLE_RESERVE_F_DRY_RUN, span = q->r->flags & ISLE_RESERVE_F_SPAN;
	struct isle_reserve *r = q->r;
	u64 bytes = 0;
	long err;
	u32 i;

	err = isle_cpu_reserve(&r->cpus, span, true, &r->offline_ns, &r->park_ns, call->why);
	if (err)
		return err;
	err = gather_all(call, q);
	if (!err && !dry)
		err = isle_cpu_reserve(&r->cpus, span, false, &r->offline_ns, &r->park_ns, call->why);
	if (err) {
		isle_mem_free(&q->taken);
		return err;
	}
	isle_mem_commit(&q->taken);
	say_result(q);
	if (dry)
		return 0;
	for (i = 0; i < r->nr_mem; i++)
		bytes += q->mem[i].size;
	trace_isle_reserve(isle_cpuset_count(&r->cpus), bytes, r->offline_ns, r->park_ns, r->memory_ns);
	pr_info("%s\n", r->text);
	return 0;
}

long isle_command_reserve(struct isle_call *call, void *arg)
{
	struct isle_reserve *r = arg;
	struct request *q;
	long err = -EFAULT;

	if (r->flags & ~(ISLE_RESERVE_F_STRICT | ISLE_RESERVE_F_SPAN | ISLE_RESERVE_F_DRY_RUN))
		return isle_fail(call, -EINVAL, "RESERVE knows no such flags");
	if (!r->nr_mem && isle_cpuset_is_empty(&r->cpus))
		return isle_fail(call, -EINVAL, "nothing is asked for: name CPUs, or memory of a node");
	if (isle_is_dead())
		return isle_fail(call, -EBUSY, "the machine is shutting down");
	q = kzalloc(sizeof(*q), GFP_KERNEL);
	if (!q)
		return -ENOMEM;
	INIT_LIST_HEAD(&q->taken);
	q->r = r;
	q->mem = get_mem(call, r->mem_ptr, r->nr_mem, true);
	if (IS_ERR(q->mem)) {
		err = PTR_ERR(q->mem);
		goto out_free;
	}
	if (mutex_lock_killable(&isle_reserve_lock)) {
		err = -EINTR;
		goto out_free_mem;
	}
	err = reserve_locked(call, q);
	mutex_unlock(&isle_reserve_lock);
	if (!err && copy_to_user(u64_to_user_ptr(r->mem_ptr), q->mem, r->nr_mem * sizeof(*q->mem)))
		err = isle_fail(call, -EFAULT, "the command was done, but its memory requests went away meanwhile");
out_free_mem:
	kfree(q->mem);
out_free:
	kfree(q);
	return err;
}

/* isle_reserve_lock, no isle. */
static long release_locked(struct isle_call *call, struct isle_release *r)
{
	u64 begin = ktime_get_ns();
	unsigned int bad;

	r->cpus = isle_cpu_release(&bad, call->why);
	r->online_ns = ktime_get_ns() - begin;
	begin = ktime_get_ns();
	r->mem = isle_mem_release();
	r->memory_ns = ktime_get_ns() - begin;
	return bad ? -EIO : 0;
}

long isle_command_release(struct isle_call *call, void *arg)
{
	u32 nr;
	long err;

	if (mutex_lock_killable(&isle_reserve_lock))
		return -EINTR;
	/* CREATE publishes with this lock held: none comes meanwhile. */
	nr = isle_count();
	if (nr)
		err = isle_fail(call, -EBUSY, "%u isles exist: stop them first (their owners hold them open)", nr);
	else if (isle_is_dead())
		err = isle_fail(call, -EBUSY, "the machine is shutting down");
	else
		err = release_locked(call, arg);
	mutex_unlock(&isle_reserve_lock);
	return err;
}

void isle_reserve_drop(void)
{
	struct isle_call *call = kzalloc(sizeof(*call), GFP_KERNEL);
	struct isle_release r;

	mutex_lock(&isle_reserve_lock);
	if (call && release_locked(call, &r))
		pr_err("%s\n", call->why);
	mutex_unlock(&isle_reserve_lock);
	kfree(call);
}

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
	u32 i, best = 0;

	for (i = 1; i < isle->nr_pieces; i++)
		if (isle->piece[i].size > isle->piece[best].size)
			best = i;
	for (i = 0; i < isle->nr_pieces; i++)
		if (isle->piece[i].size == isle->piece[best].size &&
		    isle->piece[i].node == isle->cpu[0]->node && isle->piece[best].node != isle->cpu[0]->node)
			best = i;
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
		return isle_fail(call, -EINVAL, "CPUs and memory are of several nodes: name those of one, or allow several");
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
		return isle_fail(call, -EINVAL, "give either a set of CPUs or their number, not both");
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
	mem = get_mem(call, c->mem_ptr, c->nr_mem, false);
	if (IS_ERR(mem))
		return PTR_ERR(mem);
	mutex_lock(&call->file->lock);
	if (call->file->isle)
		err = isle_fail(call, -EBADFD, "this file is isle %u already: open another for another isle",
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
