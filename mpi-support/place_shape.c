/* SPDX-License-Identifier: MIT */
/*
 * place_shape.c - which ranks fit on which nodes.
 *
 * Two shapes: every rank on one node, or every rank on a run of whole nodes. The first is better
 * for a rank, the second lets a rank be larger than a node.
 */
#include "place_room.h"

/* How many ranks can live on one node. */
static uint32_t node_holds(const struct place_room *room, const struct place_node *node,
			   const struct place_need *need)
{
	uint32_t ranks = 0, cpus = 0;

	for (uint32_t i = 0; i < node->nr; i++) {
		cpus += room->core[node->first + i].nr;
		if (cpus >= need->cpus) {
			ranks++;
			cpus = 0;
		}
	}
	if (need->mem && node->mem / need->mem < ranks)
		ranks = (uint32_t)(node->mem / need->mem);
	return ranks;
}

static uint32_t nodes_hold(const struct place_room *room, const struct place_need *need)
{
	uint32_t ranks = 0;

	for (uint32_t i = 0; i < room->nr_nodes; i++)
		ranks += node_holds(room, &room->node[i], need);
	return ranks;
}

/* The shortest run of nodes from `first` on that is enough for one rank; false: there is none. */
static bool next_run(const struct place_room *room, const struct place_need *need,
		     uint32_t first, struct place_run *run)
{
	uint32_t cpus = 0;
	uint64_t mem = 0;

	for (uint32_t i = first; i < room->nr_nodes; i++) {
		cpus += room->node[i].nr_cpus;
		mem += room->node[i].mem;
		if (cpus >= need->cpus && mem >= need->mem) {
			*run = (struct place_run){ .first = first, .nr = i + 1 - first };
			return true;
		}
	}
	return false;
}

static uint32_t runs_hold(const struct place_room *room, const struct place_need *need)
{
	struct place_run run = { 0, 0 };
	uint32_t ranks = 0;

	while (next_run(room, need, run.first + run.nr, &run))
		ranks++;
	return ranks;
}

uint32_t place_holds(const struct place_room *room, const struct place_need *need)
{
	uint32_t apart = nodes_hold(room, need), runs = runs_hold(room, need);

	return apart > runs ? apart : runs;
}

/*
 * Gives each rank to the node that then has the most cores a rank; this makes the smallest share as
 * large as it can be. Returns that share in cores, 0 if the ranks do not fit.
 */
uint32_t place_spread(struct place_room *room, uint32_t ranks, const struct place_need *need)
{
	uint32_t holds[ISLE_MAX_NODES], least = UINT32_MAX;
	struct place_node *best;

	for (uint32_t i = 0; i < room->nr_nodes; i++) {
		holds[i] = node_holds(room, &room->node[i], need);
		room->node[i].ranks = 0;
	}
	for (uint32_t r = 0; r < ranks; r++) {
		best = NULL;
		for (uint32_t i = 0; i < room->nr_nodes; i++) {
			struct place_node *node = &room->node[i];

			if (node->ranks < holds[i] &&
			    (!best || node->nr * (best->ranks + 1) > best->nr * (node->ranks + 1)))
				best = node;
		}
		if (!best)
			return 0;
		best->ranks++;
	}
	for (uint32_t i = 0; i < room->nr_nodes; i++)
		if (room->node[i].ranks && room->node[i].nr / room->node[i].ranks < least)
			least = room->node[i].nr / room->node[i].ranks;
	return least;
}

/* Cores of the smallest of the runs. */
static uint32_t least_cores(const struct place_room *room, const struct place_run *run,
			    uint32_t ranks)
{
	uint32_t least = UINT32_MAX, cores;

	for (uint32_t r = 0; r < ranks; r++) {
		cores = 0;
		for (uint32_t i = 0; i < run[r].nr; i++)
			cores += room->node[run[r].first + i].nr;
		if (cores < least)
			least = cores;
	}
	return least;
}

uint32_t place_even_runs(const struct place_room *room, uint32_t ranks,
			 const struct place_need *need, struct place_run *run)
{
	uint32_t each = room->nr_nodes / ranks;

	for (uint32_t r = 0; r < ranks; r++) {
		uint64_t mem = 0;

		for (uint32_t i = 0; i < each; i++)
			mem += room->node[r * each + i].mem;
		if (!each || mem < need->mem)
			return 0;
		run[r] = (struct place_run){ r * each, each };
	}
	return least_cores(room, run, ranks);
}

uint32_t place_needed_runs(const struct place_room *room, uint32_t ranks,
			   const struct place_need *need, struct place_run *run)
{
	uint32_t first = 0;

	for (uint32_t r = 0; r < ranks; r++) {
		if (!next_run(room, need, first, &run[r]))
			return 0;
		first = run[r].first + run[r].nr;
	}
	return least_cores(room, run, ranks);
}
