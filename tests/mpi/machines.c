/* SPDX-License-Identifier: MIT */
/*
 * machines.c - builds reserves the way Linux numbers CPUs, cores and nodes.
 */
#include "machines.h"

#include "cpus.h"

#include <string.h>

static const uint32_t uneven_two[] = { 16, 4 };
static const uint32_t uneven_four[] = { 7, 8, 1, 12 };
static const uint32_t no_cores[] = { 8, 0, 8, 0 };

const struct model machines[] = {
	{ "one core", 1, 1, 1, 1, 1024, false, false, NULL },
	{ "desktop, SMT siblings adjacent", 1, 1, 8, 2, 16384, false, false, NULL },
	{ "one node without SMT", 1, 1, 7, 1, 5000, false, false, NULL },
	{ "two packages of 8", 2, 1, 8, 1, 32768, false, false, NULL },
	{ "two packages of 28 with SMT", 2, 1, 28, 2, 98304, true, false, NULL },
	{ "two packages, four clusters each, SMT", 2, 4, 16, 2, 65536, true, false, NULL },
	{ "one package, four clusters", 1, 4, 14, 1, 32768, false, false, NULL },
	{ "four packages", 4, 1, 10, 2, 65536, true, false, NULL },
	{ "eight packages", 8, 1, 8, 1, 16384, false, false, NULL },
	{ "256 cores", 2, 4, 32, 1, 131072, false, false, NULL },
	{ "256 cores with SMT", 2, 4, 32, 2, 131072, true, false, NULL },
	{ "nodes go round the packages", 2, 2, 12, 2, 32768, true, true, NULL },
	{ "four threads a core", 2, 1, 16, 4, 65536, false, false, NULL },
	{ "uneven nodes", 2, 1, 0, 1, 32768, false, false, uneven_two },
	{ "very uneven nodes", 2, 2, 0, 2, 8192, true, false, uneven_four },
	{ "nodes without cores", 2, 2, 0, 1, 8192, false, false, no_cores },
	{ "three clusters a package", 2, 3, 8, 2, 32768, true, false, NULL },
};
const unsigned int nr_machines = sizeof(machines) / sizeof(machines[0]);

static void add_node(const struct model *machine, struct place_reserve *reserve, uint32_t package,
		     uint32_t node, uint32_t cores, uint32_t *core, uint32_t total)
{
	for (uint32_t i = 0; i < cores; i++, (*core)++)
		for (uint32_t t = 0; t < machine->smt; t++)
			reserve->cpu[reserve->nr_cpus++] = (struct place_cpu){
				.linux_cpu = machine->siblings_last ? *core + t * total :
								      *core * machine->smt + t,
				/* Linux counts cores from 0 in each package. */
				.package = package, .node = node, .core = i + node * 64,
				.thread = t, .free = true,
			};
	reserve->mem_free[node] = machine->mem << 20;
}

void machine_reserve(const struct model *machine, struct place_reserve *reserve)
{
	uint32_t nodes = machine->packages * machine->nodes_per_package, core = 0, total = 0;

	memset(reserve, 0, sizeof(*reserve));
	for (uint32_t n = 0; n < nodes; n++)
		total += machine->uneven ? machine->uneven[n] : machine->cores;
	for (uint32_t n = 0; n < nodes; n++) {
		uint32_t package = machine->cyclic ? n % machine->packages :
						     n / machine->nodes_per_package;

		add_node(machine, reserve, package, n,
			 machine->uneven ? machine->uneven[n] : machine->cores, &core, total);
	}
}

uint32_t random_below(uint32_t *seed, uint32_t limit)
{
	*seed = *seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(*seed >> 8) * limit >> 24);
}

void reserve_use_some(struct place_reserve *reserve, uint32_t *seed)
{
	uint32_t share = 1 + random_below(seed, 4);

	for (uint32_t i = 0; i < reserve->nr_cpus; i++)
		if (random_below(seed, 5) < share)
			reserve->cpu[i].free = false;
	for (uint32_t n = 0; n < ISLE_MAX_NODES; n++)
		if (random_below(seed, 3) == 0)
			reserve->mem_free[n] = (uint64_t)random_below(seed, 9000) * (1 << 20);
}

void reserve_shuffle(struct place_reserve *reserve, uint32_t *seed)
{
	for (uint32_t i = reserve->nr_cpus; i > 1; i--) {
		uint32_t j = random_below(seed, i);
		struct place_cpu cpu = reserve->cpu[j];

		reserve->cpu[j] = reserve->cpu[i - 1];
		reserve->cpu[i - 1] = cpu;
	}
}
