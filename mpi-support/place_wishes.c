/* SPDX-License-Identifier: MIT */
/*
 * place_wishes.c - a job whose ranks ask for different things.
 *
 * Ranks with equal wishes are placed together, as a job of their own, in what the groups before them
 * left. Who named CPUs goes first, then who named nodes, then who asked for an amount, and last who
 * takes whatever there is; groups of one kind in the order of their first ranks.
 */
#include "placement.h"

#include "cpus.h"

#include <stdlib.h>
#include <string.h>

static unsigned int urgency(const struct place_ask *wish)
{
	if (cpus_count(&wish->cpus))
		return 3;
	if (wish->nodes)
		return 2;
	return wish->cpus_per_rank ? 1 : 0;
}

static bool alike(const struct place_ask *a, const struct place_ask *b)
{
	return a->cpus_per_rank == b->cpus_per_rank && a->mem_per_rank == b->mem_per_rank &&
	       a->mem_min == b->mem_min && a->nodes == b->nodes &&
	       memcmp(&a->cpus, &b->cpus, sizeof(a->cpus)) == 0;
}

/* What a rank has got is no longer free. */
static void isle_take(struct place_reserve *reserve, const struct place_isle *isle)
{
	for (uint32_t i = 0; i < reserve->nr_cpus; i++)
		if (cpus_has(&isle->cpus, reserve->cpu[i].linux_cpu))
			reserve->cpu[i].free = false;
	for (uint32_t i = 0; i < isle->nr_mem; i++)
		reserve->mem_free[isle->mem[i].node] -= isle->mem[i].size;
}

/* All ranks that wish what rank `first` wishes. */
static int group_place(struct place_reserve *left, const struct place_ask *wish, uint32_t nr,
		       uint32_t first, bool *placed, struct place_plan *plan, struct refusal *why)
{
	struct place_ask ask = wish[first];
	struct place_plan part;
	uint32_t next = 0;
	int err;

	ask.ranks = 0;
	for (uint32_t r = first; r < nr; r++)
		ask.ranks += alike(&wish[r], &wish[first]);
	err = place_job(left, &ask, &part, why);
	if (err)
		return err;
	for (uint32_t r = first; r < nr; r++) {
		if (!alike(&wish[r], &wish[first]))
			continue;
		plan->isle[r] = part.isle[next++];
		placed[r] = true;
		isle_take(left, &plan->isle[r]);
	}
	place_free(&part);
	return 0;
}

static int groups_place(struct place_reserve *left, const struct place_ask *wish, uint32_t nr,
			bool *placed, struct place_plan *plan, struct refusal *why)
{
	int err = 0;

	for (unsigned int u = 4; u-- > 0;)
		for (uint32_t r = 0; r < nr && !err; r++)
			if (!placed[r] && urgency(&wish[r]) == u)
				err = group_place(left, wish, nr, r, placed, plan, why);
	return err;
}

int place_wishes(const struct place_reserve *reserve, const struct place_ask *wish, uint32_t nr,
		 struct place_plan *plan, struct refusal *why)
{
	struct place_reserve *left = malloc(sizeof(*left));
	bool *placed = calloc(nr ? nr : 1, sizeof(*placed));
	int err;

	memset(plan, 0, sizeof(*plan));
	plan->isle = calloc(nr ? nr : 1, sizeof(plan->isle[0]));
	if (!nr || nr > CPUS_MAX) {
		err = refuse(why, PLACE_NO_RANKS, nr, CPUS_MAX);
	} else if (!left || !placed || !plan->isle) {
		err = refuse(why, PLACE_NO_MEMORY, nr);
	} else {
		plan->nr = nr;
		*left = *reserve;
		err = groups_place(left, wish, nr, placed, plan, why);
	}
	free(left);
	free(placed);
	if (err)
		place_free(plan);
	return err;
}
