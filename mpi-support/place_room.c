/* SPDX-License-Identifier: MIT */
/*
 * place_room.c - sorts the reserve into nodes and cores and leaves out what a job may not use.
 */
#include "place_room.h"

#include "cpus.h"

#include <stdlib.h>
#include <string.h>

int place_reserve_read(struct place_reserve *reserve, const struct isle_reserved_cpu *cpus,
		       uint32_t nr_cpus, const struct isle_reserved_extent *extents,
		       uint32_t nr_extents, struct refusal *why)
{
	memset(reserve, 0, sizeof(*reserve));
	if (nr_cpus > CPUS_MAX)
		return refuse(why, PLACE_BAD_RESERVE, nr_cpus, "is one too many");
	for (uint32_t i = 0; i < nr_cpus; i++)
		reserve->cpu[i] = (struct place_cpu){
			.linux_cpu = cpus[i].linux_cpu, .package = cpus[i].package,
			.node = cpus[i].node, .core = cpus[i].core, .thread = cpus[i].thread,
			.free = cpus[i].state == ISLE_RCPU_PARKED && !cpus[i].isle_id,
		};
	reserve->nr_cpus = nr_cpus;
	for (uint32_t i = 0; i < nr_extents; i++)
		if (!extents[i].isle_id && extents[i].node < ISLE_MAX_NODES)
			reserve->mem_free[extents[i].node] += extents[i].size;
	return 0;
}

static int check_cpus(const struct place_reserve *reserve, struct refusal *why)
{
	struct isle_cpuset seen = { { 0 } };

	if (reserve->nr_cpus > CPUS_MAX)
		return refuse(why, PLACE_BAD_RESERVE, reserve->nr_cpus, "is one too many");
	for (uint32_t i = 0; i < reserve->nr_cpus; i++) {
		uint32_t cpu = reserve->cpu[i].linux_cpu;

		if (cpu >= CPUS_MAX)
			return refuse(why, PLACE_BAD_RESERVE, cpu, "is more than an isle can name");
		if (cpus_has(&seen, cpu))
			return refuse(why, PLACE_BAD_RESERVE, cpu, "is in it twice");
		if (reserve->cpu[i].node >= ISLE_MAX_NODES)
			return refuse(why, PLACE_BAD_RESERVE, cpu, "is on a node beyond the last");
		cpus_add(&seen, cpu);
	}
	return 0;
}

static int by_number(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/*
 * Node numbers may run across packages; ranks should not. So nodes are ordered by the lowest
 * package they have CPUs of.
 */
static int by_place(const void *left, const void *right, void *arg)
{
	const struct place_cpu *a = left, *b = right;
	const uint32_t *package = arg;
	int order = by_number(package[a->node], package[b->node]);

	if (!order)
		order = by_number(a->node, b->node);
	if (!order)
		order = by_number(a->package, b->package);
	if (!order)
		order = by_number(a->core, b->core);
	return order ? order : by_number(a->linux_cpu, b->linux_cpu);
}

static void sort_cpus(const struct place_reserve *reserve, struct place_room *room)
{
	uint32_t package[ISLE_MAX_NODES];

	memset(package, 0xff, sizeof(package));
	room->nr_cpus = reserve->nr_cpus;
	memcpy(room->cpu, reserve->cpu, reserve->nr_cpus * sizeof(room->cpu[0]));
	for (uint32_t i = 0; i < room->nr_cpus; i++)
		if (room->cpu[i].package < package[room->cpu[i].node])
			package[room->cpu[i].node] = room->cpu[i].package;
	qsort_r(room->cpu, room->nr_cpus, sizeof(room->cpu[0]), by_place, package);
}

static bool same_core(const struct place_cpu *a, const struct place_cpu *b)
{
	return a->node == b->node && a->package == b->package && a->core == b->core;
}

/* Says whether the request leaves the core in; a core that it cuts in two is a mistake. */
static int core_asked(const struct place_cpu *cpu, uint32_t nr, const struct place_ask *ask,
		      bool *in, struct refusal *why)
{
	uint32_t asked = 0, with = 0, without = 0;

	for (uint32_t i = 0; i < nr; i++) {
		if (cpus_has(&ask->cpus, cpu[i].linux_cpu)) {
			with = cpu[i].linux_cpu;
			asked++;
		} else {
			without = cpu[i].linux_cpu;
		}
	}
	if (asked && asked < nr)
		return refuse(why, PLACE_HALF_CORE, with, without);
	*in = (asked || !cpus_count(&ask->cpus)) &&
	      (!ask->nodes || (ask->nodes >> cpu->node & 1));
	return 0;
}

static struct place_node *node_of(struct place_room *room, const struct place_reserve *reserve,
				  uint32_t id)
{
	struct place_node *node = &room->node[room->nr_nodes];

	if (room->nr_nodes && node[-1].id == id)
		return node - 1;
	*node = (struct place_node){
		.id = id, .first = room->nr_cores,
		.mem = reserve->mem_free[id] / ISLE_GRANULE_SIZE,
	};
	room->nr_nodes++;
	return node;
}

static int add_core(struct place_room *room, const struct place_reserve *reserve,
		    const struct place_ask *ask, uint32_t first, uint32_t nr, struct refusal *why)
{
	const struct place_cpu *cpu = &room->cpu[first];
	struct place_node *node;
	bool in = false;
	int err;

	for (uint32_t i = 0; i < nr; i++)
		if (!cpu[i].free)
			return 0;
	if (reserve->mem_free[cpu->node] < ISLE_GRANULE_SIZE)
		return 0;
	err = core_asked(cpu, nr, ask, &in, why);
	if (err)
		return err;
	node = node_of(room, reserve, cpu->node);
	node->nr_free++;
	if (!in)
		return 0;
	room->core[room->nr_cores++] = (struct place_core){ .first = first, .nr = nr };
	node->nr++;
	node->nr_cpus += nr;
	if (nr > room->width)
		room->width = nr;
	return 0;
}

/* Everything that was named must be there: leaving some of it out silently helps nobody. */
static int check_named(const struct place_room *room, const struct place_ask *ask,
		       struct refusal *why)
{
	struct isle_cpuset usable = { { 0 } };
	uint64_t nodes = 0;

	for (uint32_t i = 0; i < room->nr_nodes; i++)
		if (room->node[i].nr_free)
			nodes |= 1ull << room->node[i].id;
	if (ask->nodes & ~nodes)
		return refuse(why, PLACE_NODE_NOT_FREE,
			      (uint32_t)__builtin_ctzll(ask->nodes & ~nodes));
	for (uint32_t i = 0; i < room->nr_cores; i++)
		for (uint32_t j = 0; j < room->core[i].nr; j++)
			cpus_add(&usable, room->cpu[room->core[i].first + j].linux_cpu);
	for (uint32_t cpu = 0; cpu < CPUS_MAX; cpu++)
		if (cpus_has(&ask->cpus, cpu) && !cpus_has(&usable, cpu))
			return refuse(why, PLACE_CPU_NOT_FREE, cpu);
	return 0;
}

int place_room_make(const struct place_reserve *reserve, const struct place_ask *ask,
		    struct place_room *room, struct refusal *why)
{
	uint32_t first, end, kept = 0;
	int err = check_cpus(reserve, why);

	if (err)
		return err;
	memset(room, 0, sizeof(*room));
	sort_cpus(reserve, room);
	for (first = 0; first < room->nr_cpus; first = end) {
		end = first + 1;
		while (end < room->nr_cpus && same_core(&room->cpu[first], &room->cpu[end]))
			end++;
		err = add_core(room, reserve, ask, first, end - first, why);
		if (err)
			return err;
	}
	err = check_named(room, ask, why);
	if (err)
		return err;
	/* Nodes that the request leaves out must not count as nodes of the job. */
	for (uint32_t i = 0; i < room->nr_nodes; i++)
		if (room->node[i].nr)
			room->node[kept++] = room->node[i];
	room->nr_nodes = kept;
	if (!room->nr_cores)
		return refuse(why, PLACE_NOTHING_FREE);
	return 0;
}
