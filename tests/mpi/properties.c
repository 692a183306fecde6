/* SPDX-License-Identifier: MIT */
/*
 * properties.c - what holds for every plan, over many machines and requests.
 *
 * The checks count for themselves, CPU by CPU, and know nothing of how the plan was made.
 */
#include "../lib/check.h"

#include "cpus.h"
#include "machines.h"

static struct place_reserve reserve, other;  /* too large for the stack of a test */

/* Free cores of nodes that have memory, by node; what a job may take at most. */
static uint32_t free_cores(const struct place_reserve *r, uint32_t cores[ISLE_MAX_NODES],
			   uint32_t *width)
{
	uint32_t nodes = 0;

	memset(cores, 0, ISLE_MAX_NODES * sizeof(cores[0]));
	*width = 1;
	for (uint32_t i = 0; i < r->nr_cpus; i++) {
		const struct place_cpu *a = &r->cpu[i];
		bool first = true, whole = true;
		uint32_t threads = 0;

		for (uint32_t j = 0; j < r->nr_cpus; j++) {
			const struct place_cpu *b = &r->cpu[j];

			if (a->package != b->package || a->core != b->core || a->node != b->node)
				continue;
			first &= b->linux_cpu >= a->linux_cpu;
			whole &= b->free;
			threads++;
		}
		if (!first || !whole || r->mem_free[a->node] < ISLE_GRANULE_SIZE)
			continue;
		nodes += !cores[a->node]++;
		*width = threads > *width ? threads : *width;
	}
	return nodes;
}

static void check_cpu(const struct place_reserve *r, const struct place_isle *isle,
		      const struct place_cpu *cpu, uint64_t *nodes)
{
	if (!EXPECT_THAT(cpu->free, "CPU %u is not free", cpu->linux_cpu))
		return;
	*nodes |= 1ull << cpu->node;
	for (uint32_t j = 0; j < r->nr_cpus; j++) {
		const struct place_cpu *b = &r->cpu[j];

		if (cpu->package == b->package && cpu->core == b->core && cpu->node == b->node)
			EXPECT_THAT(cpus_has(&isle->cpus, b->linux_cpu),
				    "CPU %u is there without CPU %u", cpu->linux_cpu, b->linux_cpu);
	}
}

static void check_isle(const struct place_reserve *r, const struct place_isle *isle,
		       struct isle_cpuset *used, uint64_t mem_used[ISLE_MAX_NODES])
{
	uint64_t nodes = 0, mem_nodes = 0;
	uint32_t found = 0;

	for (uint32_t i = 0; i < r->nr_cpus; i++) {
		uint32_t cpu = r->cpu[i].linux_cpu;

		if (!cpus_has(&isle->cpus, cpu))
			continue;
		EXPECT_THAT(!cpus_has(used, cpu), "CPU %u is in two isles", cpu);
		cpus_add(used, cpu);
		check_cpu(r, isle, &r->cpu[i], &nodes);
		found++;
	}
	EXPECT_EQ(found, cpus_count(&isle->cpus));
	EXPECT_EQ(found, isle->nr_cpus);
	EXPECT_GE(isle->nr_cores, 1);
	EXPECT_LE(isle->nr_cpus, ISLE_MAX_CPUS);
	EXPECT_GE(isle->nr_mem, 1);
	for (uint32_t i = 0; i < isle->nr_mem; i++) {
		EXPECT_GT(isle->mem[i].size, 0);
		EXPECT_EQ(isle->mem[i].size % ISLE_GRANULE_SIZE, 0);
		EXPECT(!i || isle->mem[i].node > isle->mem[i - 1].node);
		mem_nodes |= 1ull << isle->mem[i].node;
		mem_used[isle->mem[i].node] += isle->mem[i].size;
	}
	EXPECT_THAT((nodes & ~mem_nodes) == 0, "cores of nodes %#llx, memory of nodes %#llx",
		    (unsigned long long)nodes, (unsigned long long)mem_nodes);
}

/* The largest share that lets all ranks stay on one node each, found by trying all. */
static uint32_t best_share(const uint32_t cores[ISLE_MAX_NODES], uint32_t ranks)
{
	uint32_t share, fit;

	for (share = 1024; share > 0; share--) {
		fit = 0;
		for (uint32_t n = 0; n < ISLE_MAX_NODES; n++)
			fit += cores[n] / share;
		if (fit >= ranks)
			break;
	}
	return share;
}

static void check_shares(const struct place_reserve *r, const struct place_ask *ask,
			 const struct place_plan *plan)
{
	uint32_t cores[ISLE_MAX_NODES], width, least = 1024, most = 0, nodes, best;

	nodes = free_cores(r, cores, &width);
	for (uint32_t i = 0; i < plan->nr; i++) {
		const struct place_isle *isle = &plan->isle[i];

		if (plan->nr >= nodes && !ask->mem_per_rank)
			EXPECT_EQ(isle->nr_mem, 1);
		if (ask->cpus_per_rank) {
			EXPECT_GE(isle->nr_cpus, ask->cpus_per_rank);
			EXPECT_LT(isle->nr_cpus, ask->cpus_per_rank + width);
		}
		least = isle->nr_cores < least ? isle->nr_cores : least;
		most = isle->nr_cores > most ? isle->nr_cores : most;
	}
	EXPECT_LE(most, least + 1);
	best = best_share(cores, plan->nr);
	if (best > ISLE_MAX_CPUS / width)
		best = ISLE_MAX_CPUS / width;
	if (!ask->cpus_per_rank && !ask->mem_per_rank)
		EXPECT_GE(least, best);
}

static void check_plan(const struct place_reserve *r, const struct place_ask *ask,
		       const struct place_plan *plan)
{
	uint64_t mem_used[ISLE_MAX_NODES] = { 0 }, want = ask->mem_per_rank;
	struct isle_cpuset used = { { 0 } };

	EXPECT_EQ(plan->nr, ask->ranks);
	for (uint32_t i = 0; i < plan->nr; i++) {
		uint64_t sum = 0;

		check_isle(r, &plan->isle[i], &used, mem_used);
		for (uint32_t j = 0; j < plan->isle[i].nr_mem; j++)
			sum += plan->isle[i].mem[j].size;
		if (want)
			EXPECT_EQ(sum, (want + ISLE_GRANULE_SIZE - 1) / ISLE_GRANULE_SIZE *
				       ISLE_GRANULE_SIZE);
	}
	for (uint32_t n = 0; n < ISLE_MAX_NODES; n++)
		EXPECT_LE(mem_used[n], r->mem_free[n]);
	check_shares(r, ask, plan);
}

/* What a refusal says would fit does, and one more does not. */
static void check_refusal(const struct place_ask *ask, const struct refusal *why)
{
	unsigned int ranks, cpus;
	unsigned long long mib;
	struct place_plan plan;
	struct refusal next;
	struct place_ask less = *ask;

	if (why->message == MSG_PLACE_TOO_MANY_CPUS &&
	    EXPECT_EQ(sscanf(why->text, "%*u local ranks with %*u CPUs each do not fit into the "
			     "reserve: at most %u such ranks fit, or %u CPUs", &ranks, &cpus), 2)) {
		less.mem_per_rank = 0;
		less.cpus_per_rank = cpus;
		EXPECT_ERR(place_job(&reserve, &less, &plan, &next), 0);
		place_free(&plan);
		less.cpus_per_rank = cpus + 1;
		EXPECT_ERR(place_job(&reserve, &less, &plan, &next), -ENOSPC);
	}
	if (why->message == MSG_PLACE_TOO_MUCH_MEM &&
	    EXPECT_EQ(sscanf(why->text, "%*u local ranks with %*u MiB each do not fit into the "
			     "reserve: at most %u such ranks fit, or %llu MiB", &ranks, &mib), 2)) {
		less.mem_per_rank = mib << 20;
		EXPECT_ERR(place_job(&reserve, &less, &plan, &next), 0);
		place_free(&plan);
		less.mem_per_rank = (mib << 20) + 1;
		EXPECT_ERR(place_job(&reserve, &less, &plan, &next), -ENOSPC);
	}
	less = *ask;
	less.ranks = why->message == MSG_PLACE_TOO_MANY_CPUS ||
		     why->message == MSG_PLACE_TOO_MUCH_MEM ? ranks : 0;
	if (less.ranks) {
		EXPECT_ERR(place_job(&reserve, &less, &plan, &next), 0);
		place_free(&plan);
	}
}

/* Returns 1 if there was a plan. */
static unsigned int try_ask(const struct place_ask *ask, uint32_t *seed)
{
	struct place_plan plan, again;
	struct refusal why;
	int err = place_job(&reserve, ask, &plan, &why);

	if (err) {
		EXPECT(why.message != MSG_NONE && why.text[0]);
		check_refusal(ask, &why);
		return 0;
	}
	check_plan(&reserve, ask, &plan);
	other = reserve;
	reserve_shuffle(&other, seed);
	if (!EXPECT_ERR(place_job(&other, ask, &again, &why), 0)) {
		place_free(&plan);
		return 1;
	}
	EXPECT(place_digest(&plan) == place_digest(&again));
	place_free(&again);
	place_free(&plan);
	return 1;
}

static void report(const char *name, unsigned int tried, unsigned int planned)
{
	if (check_state.failures)
		note("the failures above are of %s", name);
	EXPECT_GT(planned, 0);
	note("%s: %u requests, %u plans", name, tried, planned);
}

TEST(equal_shares_on_every_machine)
{
	uint32_t seed = 1;

	for (unsigned int m = 0; m < nr_machines; m++) {
		unsigned int tried = 0, planned = 0;

		machine_reserve(&machines[m], &reserve);
		for (uint32_t ranks = 1; ranks <= 260; ranks += 1 + ranks / 6, tried++)
			planned += try_ask(&(struct place_ask){ .ranks = ranks }, &seed);
		report(machines[m].name, tried, planned);
	}
}

TEST(asked_amounts_on_every_machine)
{
	uint32_t seed = 2;

	for (unsigned int m = 0; m < nr_machines; m++) {
		unsigned int tried, planned = 0;

		machine_reserve(&machines[m], &reserve);
		for (tried = 0; tried < 30; tried++) {
			struct place_ask ask = { .ranks = 1 + random_below(&seed, 9) };

			if (tried % 3)
				ask.cpus_per_rank = 1 + random_below(&seed, 40);
			if (tried % 2)
				ask.mem_per_rank = (uint64_t)random_below(&seed, 40000) << 20;
			planned += try_ask(&ask, &seed);
		}
		if (m)
			report(machines[m].name, tried, planned);
	}
}

TEST(partly_used_reserves)
{
	unsigned int tried, planned = 0;
	uint32_t seed = 3;

	for (tried = 0; tried < 250; tried++) {
		struct place_ask ask = { .ranks = 1 + random_below(&seed, 12) };

		machine_reserve(&machines[1 + tried % (nr_machines - 1)], &reserve);
		reserve_use_some(&reserve, &seed);
		if (tried % 3 == 0)
			ask.cpus_per_rank = 1 + random_below(&seed, 12);
		if (tried % 4 == 0)
			ask.mem_per_rank = (uint64_t)random_below(&seed, 4000) << 20;
		planned += try_ask(&ask, &seed);
	}
	report("partly used reserves", tried, planned);
}

int main(void)
{
	return check_main(NULL);
}
