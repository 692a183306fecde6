/* SPDX-License-Identifier: MIT */
/*
 * placement.c - divides a reserve among the local ranks of a job.
 *
 * First a shape is chosen: how many ranks each node gets, or which run of nodes each rank gets.
 * Then the ranks take their cores in order, and memory follows the cores.
 */
#include "placement.h"

#include "cpus.h"
#include "place_room.h"

#include <stdlib.h>
#include <string.h>

/* Takes cores of a node from `*next` on, until the isle has so many CPUs or cores. */
static void take_cores(const struct place_room *room, const struct place_node *node,
		       uint32_t *next, struct place_isle *isle, uint32_t cpus, uint32_t cores,
		       uint32_t *taken)
{
	*taken = 0;
	while (*next < node->nr && isle->nr_cpus < cpus && isle->nr_cores < cores) {
		const struct place_core *core = &room->core[node->first + (*next)++];

		for (uint32_t i = 0; i < core->nr; i++)
			cpus_add(&isle->cpus, room->cpu[core->first + i].linux_cpu);
		isle->nr_cpus += core->nr;
		isle->nr_cores++;
		(*taken)++;
	}
}

static int by_node(const void *left, const void *right)
{
	const struct isle_mem *a = left, *b = right;

	return (a->node > b->node) - (a->node < b->node);
}

/*
 * Memory for an isle with so many cores on each node of its run: a share of what is free there, or,
 * when the amount was asked for, that amount spread likewise and topped up where there is room.
 */
static void take_memory(const struct place_room *room, const struct place_run *run,
			const uint32_t *taken, uint64_t want, struct place_isle *isle)
{
	uint64_t got[ISLE_MAX_NODES], sum = 0, more;

	for (uint32_t i = 0; i < run->nr; i++) {
		const struct place_node *node = &room->node[run->first + i];

		if (want)
			got[i] = want * taken[i] / isle->nr_cores;
		else
			got[i] = node->mem * taken[i] / node->nr_free;
		if (got[i] > node->mem)
			got[i] = node->mem;
		sum += got[i];
	}
	for (uint32_t i = 0; i < run->nr && want > sum; i++) {
		more = room->node[run->first + i].mem - got[i];
		more = more < want - sum ? more : want - sum;
		got[i] += more;
		sum += more;
	}
	for (uint32_t i = 0; i < run->nr; i++)
		if (got[i])
			isle->mem[isle->nr_mem++] = (struct isle_mem){
				.node = room->node[run->first + i].id,
				.size = got[i] * ISLE_GRANULE_SIZE,
			};
	qsort(isle->mem, isle->nr_mem, sizeof(isle->mem[0]), by_node);
}

/* One node after the other, one rank after the other. */
static void fill_nodes(const struct place_room *room, uint32_t cpus, uint32_t share,
		       uint32_t widest, uint64_t mem, struct place_plan *plan)
{
	uint32_t rank = 0, taken;

	for (uint32_t i = 0; i < room->nr_nodes; i++) {
		const struct place_node *node = &room->node[i];
		uint32_t next = 0, spare = cpus ? 0 : node->nr - node->ranks * share;

		for (uint32_t r = 0; r < node->ranks; r++, rank++) {
			uint32_t cores = share + (r < spare && share < widest);
			struct place_run run = { i, 1 };

			take_cores(room, node, &next, &plan->isle[rank], cpus ? cpus : UINT32_MAX,
				   cpus ? UINT32_MAX : cores, &taken);
			take_memory(room, &run, &taken, mem, &plan->isle[rank]);
		}
	}
}

static void fill_run(const struct place_room *room, const struct place_run *run, uint32_t cpus,
		     uint32_t cores, uint64_t mem, struct place_isle *isle)
{
	uint32_t taken[ISLE_MAX_NODES];

	for (uint32_t i = 0; i < run->nr; i++) {
		uint32_t next = 0;

		take_cores(room, &room->node[run->first + i], &next, isle, cpus, cores, &taken[i]);
	}
	take_memory(room, run, taken, mem, isle);
}

static void fill_runs(const struct place_room *room, const struct place_run *run, uint32_t cpus,
		      uint32_t cores, uint64_t mem, struct place_plan *plan)
{
	for (uint32_t r = 0; r < plan->nr; r++)
		fill_run(room, &run[r], cpus, cores, mem, &plan->isle[r]);
}

/* Nothing was asked of the CPUs: everything is divided. False: memory does not suffice. */
static bool share_out(struct place_room *room, const struct place_need *need,
		      struct place_plan *plan)
{
	uint32_t widest = ISLE_MAX_CPUS / room->width;
	uint32_t apart = place_spread(room, plan->nr, need), together;
	struct place_run run[ISLE_MAX_NODES];

	together = plan->nr > room->nr_nodes ? 0 : place_even_runs(room, plan->nr, need, run);
	if (!apart && !together && plan->nr <= room->nr_nodes)
		together = place_needed_runs(room, plan->nr, need, run);
	if (apart > widest)
		apart = widest;
	if (together > widest)
		together = widest;
	if (apart && apart >= together)
		fill_nodes(room, 0, apart, widest, need->mem, plan);
	else if (together)
		fill_runs(room, run, UINT32_MAX, together + (together < widest), need->mem, plan);
	return apart || together;
}

/* So many CPUs each. False: they do not fit. */
static bool deal_out(struct place_room *room, const struct place_need *need,
		     struct place_plan *plan)
{
	struct place_run run[ISLE_MAX_NODES];

	if (place_spread(room, plan->nr, need)) {
		fill_nodes(room, need->cpus, 0, 0, need->mem, plan);
		return true;
	}
	if (plan->nr > room->nr_nodes || !place_needed_runs(room, plan->nr, need, run))
		return false;
	fill_runs(room, run, need->cpus, UINT32_MAX, need->mem, plan);
	return true;
}

/* The job does not fit: says whether CPUs or memory are the reason, and what would fit. */
static int refuse_size(const struct place_room *room, const struct place_need *need, uint32_t ranks,
		       struct refusal *why)
{
	struct place_need other = { need->cpus, 0 };
	uint64_t low = 0, high = need->mem;

	if (place_holds(room, &other) < ranks) {
		do
			other.cpus--;
		while (other.cpus && place_holds(room, &other) < ranks);
		return refuse(why, PLACE_TOO_MANY_CPUS, ranks, need->cpus, place_holds(room, need),
			      other.cpus);
	}
	while (low + 1 < high) {
		other.mem = low + (high - low) / 2;
		if (place_holds(room, &other) < ranks)
			high = other.mem;
		else
			low = other.mem;
	}
	return refuse(why, PLACE_TOO_MUCH_MEM, ranks,
		      (unsigned long long)need->mem * (ISLE_GRANULE_SIZE >> 20),
		      place_holds(room, need),
		      (unsigned long long)low * (ISLE_GRANULE_SIZE >> 20));
}

static int check_memory(const struct place_plan *plan, uint64_t least, struct refusal *why)
{
	if (least < ISLE_GRANULE_SIZE)
		least = ISLE_GRANULE_SIZE;
	for (uint32_t r = 0; r < plan->nr; r++) {
		const struct place_isle *isle = &plan->isle[r];
		uint64_t sum = 0;
		uint32_t node = 0;

		for (uint32_t i = 0; i < isle->nr_mem; i++)
			sum += isle->mem[i].size;
		if (isle->nr_mem)
			node = isle->mem[0].node;
		if (sum < least)
			return refuse(why, PLACE_TOO_LITTLE_MEM, r, (unsigned long long)sum >> 20,
				      node, (unsigned long long)(least + (1 << 20) - 1) >> 20);
	}
	return 0;
}

static int plan_in_room(struct place_room *room, const struct place_ask *ask,
			struct place_plan *plan, struct refusal *why)
{
	uint32_t widest = ISLE_MAX_CPUS / room->width * room->width;
	struct place_need need = {
		.cpus = ask->cpus_per_rank ? ask->cpus_per_rank : 1,
		.mem = ask->mem_per_rank / ISLE_GRANULE_SIZE +
		       (ask->mem_per_rank % ISLE_GRANULE_SIZE != 0),
	};

	if (ask->ranks > room->nr_cores)
		return refuse(why, PLACE_TOO_MANY_RANKS, ask->ranks, ask->ranks, room->nr_cores,
			      room->nr_cores);
	if (need.cpus > widest)
		return refuse(why, PLACE_ISLE_TOO_WIDE, need.cpus, widest);
	plan->isle = calloc(ask->ranks, sizeof(plan->isle[0]));
	if (!plan->isle)
		return refuse(why, PLACE_NO_MEMORY, ask->ranks);
	plan->nr = ask->ranks;
	if (!(ask->cpus_per_rank ? deal_out(room, &need, plan) : share_out(room, &need, plan)))
		return refuse_size(room, &need, ask->ranks, why);
	return check_memory(plan, ask->mem_min, why);
}

int place_job(const struct place_reserve *reserve, const struct place_ask *ask,
	      struct place_plan *plan, struct refusal *why)
{
	struct place_room *room;
	int err;

	memset(plan, 0, sizeof(*plan));
	if (!ask->ranks || ask->ranks > CPUS_MAX)
		return refuse(why, PLACE_NO_RANKS, ask->ranks, CPUS_MAX);
	room = malloc(sizeof(*room));
	if (!room)
		return refuse(why, PLACE_NO_MEMORY, ask->ranks);
	err = place_room_make(reserve, ask, room, why);
	if (!err)
		err = plan_in_room(room, ask, plan, why);
	free(room);
	if (err)
		place_free(plan);
	return err;
}

void place_free(struct place_plan *plan)
{
	free(plan->isle);
	memset(plan, 0, sizeof(*plan));
}
