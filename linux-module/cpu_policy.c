// SPDX-License-Identifier: GPL-2.0
/*
 * cpu_policy.c - which sets of CPUs are legal. Pure: see pure.h.
 */
#include "cpu_policy.h"

#define SAY(...) snprintf(why, ISLE_TEXT_SIZE, __VA_ARGS__)

bool isle_cpuset_is_empty(const struct isle_cpuset *set)
{
	return !isle_cpuset_count(set);
}

uint32_t isle_cpuset_count(const struct isle_cpuset *set)
{
	uint32_t cpu, n = 0;

	for (cpu = 0; cpu < 1024; cpu++)
		n += isle_cpuset_has(set, cpu);
	return n;
}

static const struct isle_policy_cpu *find(const struct isle_policy_world *world, uint32_t cpu)
{
	size_t i;

	for (i = 0; i < world->nr; i++)
		if (world->cpu[i].cpu == cpu)
			return &world->cpu[i];
	return NULL;
}

/* Other threads of a core in the set must be in the set too, where they have the flag. */
static int check_whole(const struct isle_policy_world *world, const struct isle_cpuset *set,
		       uint32_t flag, char *why)
{
	size_t i, j;

	for (i = 0; i < world->nr; i++) {
		if (!isle_cpuset_has(set, world->cpu[i].cpu))
			continue;
		for (j = 0; j < world->nr; j++) {
			const struct isle_policy_cpu *other = &world->cpu[j];

			if (other->key != world->cpu[i].key || !(other->flags & flag) ||
			    isle_cpuset_has(set, other->cpu))
				continue;
			SAY(
			    "CPU %u is half a core: name CPU %u, the other thread of the same "
			    "core, too",
			    world->cpu[i].cpu, other->cpu);
			return -EINVAL;
		}
	}
	return 0;
}

static int check_nodes(const struct isle_policy_world *world, const struct isle_cpuset *set,
		       bool span, char *why)
{
	const struct isle_policy_cpu *first = NULL;
	size_t i;

	for (i = 0; i < world->nr && !span; i++) {
		const struct isle_policy_cpu *c = &world->cpu[i];

		if (!isle_cpuset_has(set, c->cpu))
			continue;
		if (first && first->node != c->node) {
			SAY(
			    "CPU %u is of node %u, but CPU %u is of node %u: name CPUs of one "
			    "node, or allow several",
			    first->cpu, first->node, c->cpu, c->node);
			return -EINVAL;
		}
		first = c;
	}
	return 0;
}

static int check_reserve_one(const struct isle_policy_world *world, uint32_t cpu, char *why)
{
	const struct isle_policy_cpu *c = find(world, cpu), *boot = find(world, 0);

	if (c && (c->flags & ISLE_POLICY_RESERVED)) {
		SAY("CPU %u is in the reserve already", cpu);
		return -EEXIST;
	}
	if (!c || !(c->flags & ISLE_POLICY_ONLINE)) {
		SAY("CPU %u is not online: see /sys/devices/system/cpu/online", cpu);
		return -EINVAL;
	}
	if (cpu == 0 || (boot && c->key == boot->key)) {
		SAY("CPU %u belongs to the core of CPU 0, which Linux keeps: leave it out", cpu);
		return -EINVAL;
	}
	return 0;
}

int isle_policy_reserve(const struct isle_policy_world *world, const struct isle_cpuset *set,
			bool span, char *why)
{
	uint32_t cpu;
	int err;

	for (cpu = 0; cpu < 1024; cpu++) {
		if (!isle_cpuset_has(set, cpu))
			continue;
		err = check_reserve_one(world, cpu, why);
		if (err)
			return err;
	}
	err = check_whole(world, set, ISLE_POLICY_ONLINE, why);
	return err ? err : check_nodes(world, set, span, why);
}

static int check_create_one(const struct isle_policy_world *world, uint32_t cpu, char *why)
{
	const struct isle_policy_cpu *c = find(world, cpu);

	if (!c || !(c->flags & ISLE_POLICY_RESERVED)) {
		SAY("CPU %u is not in the reserve: reserve it first, or choose another", cpu);
		return -EINVAL;
	}
	return 0;
}

static int check_create_free(const struct isle_policy_world *world, uint32_t cpu, char *why)
{
	const struct isle_policy_cpu *c = find(world, cpu);

	if (c->flags & ISLE_POLICY_BUSY) {
		SAY("CPU %u belongs to another isle: choose a free one", cpu);
		return -EBUSY;
	}
	if (c->flags & ISLE_POLICY_LOST) {
		SAY(
		    "CPU %u did not come back from its last isle: release the reserve to try to "
		    "repair it", cpu);
		return -EBUSY;
	}
	return 0;
}

int isle_policy_create(const struct isle_policy_world *world, const struct isle_cpuset *set,
		       bool span, char *why)
{
	int (*const checks[])(const struct isle_policy_world *world, uint32_t cpu, char *why) = {
		check_create_one, check_create_free,
	};
	uint32_t cpu;
	size_t i;
	int err;

	if (isle_cpuset_is_empty(set)) {
		SAY("no CPUs are asked for: an isle has at least one");
		return -EINVAL;
	}
	err = check_whole(world, set, ISLE_POLICY_RESERVED, why);
	if (err)
		return err;
	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		for (cpu = 0; cpu < 1024; cpu++) {
			if (!isle_cpuset_has(set, cpu))
				continue;
			err = checks[i](world, cpu, why);
			if (err)
				return err;
		}
	}
	return check_nodes(world, set, span, why);
}

static bool is_free(const struct isle_policy_cpu *c)
{
	return (c->flags & ISLE_POLICY_RESERVED) &&
	       !(c->flags & (ISLE_POLICY_BUSY | ISLE_POLICY_LOST));
}

/* Threads of the core if all of them are free, else 0; asked for its first thread only. */
static uint32_t free_core(const struct isle_policy_world *world, const struct isle_policy_cpu *c)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < world->nr; i++) {
		const struct isle_policy_cpu *other = &world->cpu[i];

		if (other->key != c->key || !(other->flags & ISLE_POLICY_RESERVED))
			continue;
		if (!is_free(other) || other->cpu < c->cpu)
			return 0;
		n++;
	}
	return n;
}

/* Free CPUs of a node, in whole cores. */
static uint32_t free_on(const struct isle_policy_world *world, uint32_t node)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < world->nr; i++)
		if (is_free(&world->cpu[i]) &&
		    (node == ISLE_NODE_ANY || world->cpu[i].node == node))
			n += free_core(world, &world->cpu[i]);
	return n;
}

/* The node with just enough free CPUs; ISLE_NODE_ANY if none has enough. */
static uint32_t best_node(const struct isle_policy_world *world, uint32_t nr)
{
	uint32_t best = ISLE_NODE_ANY, best_free = 0, n;
	size_t i;

	for (i = 0; i < world->nr; i++) {
		/* Neighbours are mostly of one node: count it once. */
		if (i && world->cpu[i].node == world->cpu[i - 1].node)
			continue;
		n = free_on(world, world->cpu[i].node);
		if (n >= nr && (best == ISLE_NODE_ANY || n < best_free)) {
			best = world->cpu[i].node;
			best_free = n;
		}
	}
	return best;
}

/* Adds whole free cores of the node until nr CPUs are chosen, by ascending number. */
static uint32_t add_cores(const struct isle_policy_world *world, uint32_t nr, uint32_t node,
			  struct isle_cpuset *set)
{
	uint32_t n = 0, threads;
	size_t i, j;

	for (i = 0; i < world->nr && n < nr; i++) {
		const struct isle_policy_cpu *c = &world->cpu[i];

		if (!is_free(c) || (node != ISLE_NODE_ANY && c->node != node))
			continue;
		threads = free_core(world, c);
		if (!threads || threads > nr - n)
			continue;
		for (j = 0; j < world->nr; j++)
			if (world->cpu[j].key == c->key && is_free(&world->cpu[j]))
				isle_cpuset_add(set, world->cpu[j].cpu);
		n += threads;
	}
	return n;
}

int isle_policy_choose(const struct isle_policy_world *world, uint32_t nr, uint32_t node, bool span,
		       struct isle_cpuset *set, char *why)
{
	uint32_t have = free_on(world, node);

	memset(set, 0, sizeof(*set));
	if (have < nr) {
		if (node == ISLE_NODE_ANY)
			SAY("%u CPUs are asked for, but %u of the reserve are free", nr, have);
		else
			SAY(
			    "%u CPUs of node %u are asked for, but %u of it are free",
			    nr, node, have);
		return -EBUSY;
	}
	if (node == ISLE_NODE_ANY)
		node = best_node(world, nr);
	if (node == ISLE_NODE_ANY && !span) {
		SAY(
		    "%u CPUs are free, but not %u on one node: ask for fewer, or allow several "
		    "nodes", have, nr);
		return -EBUSY;
	}
	if (add_cores(world, nr, node, set) != nr) {
		SAY("%u CPUs are not whole cores: ask for a multiple of a core's threads", nr);
		return -EINVAL;
	}
	return 0;
}
