// SPDX-License-Identifier: GPL-2.0
/*
 * reserve.c - the commands that change the reserve: RESERVE and RELEASE.
 *
 * RESERVE takes memory first: it is quick, and can fail. CPUs come last, and when the last one is
 * parked nothing can fail any more.
 *
 * Locks: isle_reserve_lock around all of it, so the reserve changes by whole commands.
 */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "cpu.h"
#include "ioctl.h"
#include "isle.h"
#include "mem.h"
#include "notify.h"
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
			return isle_fail(call, -EINVAL,
					 "a reserved field of memory request %u is not 0", i);
		if (!node_exists(mem[i].node))
			return isle_fail(call, -EINVAL,
					 "there is no node %u with memory", mem[i].node);
		if (!mem[i].size || mem[i].size % ISLE_GRANULE_SIZE)
			return isle_fail(call, -EINVAL,
					 "the size %llu for node %u is not a multiple of %llu MiB",
					 mem[i].size, mem[i].node, ISLE_GRANULE_SIZE >> 20);
	}
	return 0;
}

struct isle_mem *isle_reserve_get_mem(struct isle_call *call, u64 from, u32 nr, bool back)
{
	struct isle_mem __user *user = u64_to_user_ptr(from);
	size_t size = nr * sizeof(struct isle_mem);
	struct isle_mem *mem;
	long err;

	if (nr > ISLE_MAX_NODES)
		return ERR_PTR(isle_fail(call, -E2BIG,
					 "%u memory requests are more than the %u nodes there can "
					 "be",
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
		  "node %u: %llu MiB are asked for, %llu MiB can be had: of its %llu MiB Linux "
		  "uses %llu MiB that cannot be moved and %llu MiB are free, of which it keeps "
		  "%llu (reserve soon after boot, or drop caches)",
		  q->mem[i].node, q->asked[i] >> 20, q->mem[i].size >> 20, m.managed >> 20,
		  used >> 20, m.is_free >> 20, m.keep >> 20);
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
	bool strict = q->r->flags & ISLE_RESERVE_F_STRICT;
	bool dry = q->r->flags & ISLE_RESERVE_F_DRY_RUN;
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
		  isle_cpuset_count(&r->cpus), got >> 20, asked >> 20,
		  q->shortage[0] ? "; " : "", q->shortage);
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
		err = isle_cpu_reserve(&r->cpus, span, false, &r->offline_ns, &r->park_ns,
				       call->why);
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
	trace_isle_reserve(isle_cpuset_count(&r->cpus), bytes, r->offline_ns, r->park_ns,
			   r->memory_ns);
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
		return isle_fail(call, -EINVAL,
				 "nothing is asked for: name CPUs, or memory of a node");
	if (isle_is_dead())
		return isle_fail(call, -EBUSY, "the machine is shutting down");
	q = kzalloc(sizeof(*q), GFP_KERNEL);
	if (!q)
		return -ENOMEM;
	INIT_LIST_HEAD(&q->taken);
	q->r = r;
	q->mem = isle_reserve_get_mem(call, r->mem_ptr, r->nr_mem, true);
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
		err = isle_fail(call, -EFAULT,
				"it was done, but the memory requests went away meanwhile");
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
		err = isle_fail(call, -EBUSY,
				"%u isles exist: stop them first (their owners hold them open)",
				nr);
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
