// SPDX-License-Identifier: GPL-2.0
/*
 * cpu_table.c - the CPUs in the reserve, and whose they are.
 *
 * Locks: isle_reserve_lock, for all but the counts.
 */
#include <linux/atomic.h>
#include <linux/slab.h>

#include "cpu.h"
#include "cpu_table.h"

LIST_HEAD(isle_rcpus);
static atomic_t nr_reserved, nr_free;

void isle_cpu_table_add(struct list_head *taken)
{
	struct isle_rcpu *r, *next, *at;

	list_for_each_entry_safe(r, next, taken, list) {
		list_for_each_entry(at, &isle_rcpus, list)
			if (at->linux_cpu > r->linux_cpu)
				break;
		list_move_tail(&r->list, &at->list);
		atomic_inc(&nr_reserved);
		atomic_inc(&nr_free);
	}
}

void isle_cpu_table_clear(void)
{
	atomic_set(&nr_reserved, 0);
	atomic_set(&nr_free, 0);
}

static struct isle_policy_cpu *look_at_reserve(size_t *nr)
{
	struct isle_policy_cpu *all;
	struct isle_rcpu *r;

	*nr = 0;
	all = kcalloc(atomic_read(&nr_reserved) + 1, sizeof(*all), GFP_KERNEL);
	if (!all)
		return NULL;
	list_for_each_entry(r, &isle_rcpus, list) {
		struct isle_policy_cpu *c = &all[(*nr)++];

		c->cpu = r->linux_cpu;
		c->node = r->node;
		c->key = r->key;
		c->flags = ISLE_POLICY_RESERVED;
		if (r->isle_id)
			c->flags |= ISLE_POLICY_BUSY;
		if (r->state == ISLE_RCPU_LOST)
			c->flags |= ISLE_POLICY_LOST;
	}
	return all;
}

int isle_cpu_take(u32 isle_id, const struct isle_cpuset *set, u32 nr, u32 node, bool span,
		  struct isle_rcpu **cpus, char *why)
{
	struct isle_policy_world world;
	struct isle_policy_cpu *all;
	struct isle_cpuset chosen = *set;
	struct isle_rcpu *r;
	int err, n = 0;

	all = look_at_reserve(&world.nr);
	if (!all)
		return -ENOMEM;
	world.cpu = all;
	if (isle_cpuset_is_empty(set) && nr)
		err = isle_policy_choose(&world, nr, node, span, &chosen, why);
	else
		err = isle_policy_create(&world, set, span, why);
	kfree(all);
	if (err)
		return err;
	if (isle_cpuset_count(&chosen) > ISLE_MAX_CPUS) {
		snprintf(why, ISLE_TEXT_SIZE, "an isle has at most %u CPUs", ISLE_MAX_CPUS);
		return -EINVAL;
	}
	list_for_each_entry(r, &isle_rcpus, list) {
		if (!isle_cpuset_has(&chosen, r->linux_cpu))
			continue;
		r->isle_id = isle_id;
		cpus[n++] = r;
		atomic_dec(&nr_free);
	}
	return n;
}

void isle_cpu_give_back(struct isle_rcpu *const *cpus, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		cpus[i]->isle_id = 0;
		if (cpus[i]->state != ISLE_RCPU_LOST)
			atomic_inc(&nr_free);
	}
}

void isle_cpu_count(u32 *reserved, u32 *is_free)
{
	*reserved = atomic_read(&nr_reserved);
	*is_free = atomic_read(&nr_free);
}

u32 isle_cpu_list(struct isle_reserved_cpu *rows, u32 room)
{
	struct isle_rcpu *r;
	u32 n = 0;

	list_for_each_entry(r, &isle_rcpus, list) {
		if (n++ >= room)
			continue;
		*rows++ = (struct isle_reserved_cpu) {
			.linux_cpu = r->linux_cpu, .apic_id = r->apic_id, .node = r->node,
			.package = r->package, .core = r->core, .thread = r->thread,
			.isle_id = r->isle_id,
			.state = r->state == ISLE_RCPU_LOST ? ISLE_RCPU_LOST :
				 r->isle_id ? ISLE_RCPU_ISLE : ISLE_RCPU_PARKED,
		};
	}
	return n;
}
