/* SPDX-License-Identifier: MIT */
/*
 * machine.h - cores and memory as plain numbers, for plan.c to choose from.
 *
 * It describes either what Linux has (topo.c fills it from hwloc) or what is free in the reserve
 * (reserve.c fills it from the device). Only CPUs and memory that may be chosen, or be refused with
 * a reason, are in it.
 */
#ifndef PROXY_MACHINE_H
#define PROXY_MACHINE_H

#include "cpuset.h"

#include <isle/types.h>

#include <stdint.h>

struct machine_cpu {
	uint32_t cpu;  /* Linux's number */
	uint32_t core; /* any number that its hardware threads share and no other CPU has */
	uint32_t node; /* Linux's number of its NUMA node */
};

struct machine_node {
	uint32_t node;
	uint32_t distance; /* from the node of CPU 0; 10 is that node itself */
	uint64_t size;
	uint64_t free; /* bytes that may be taken */
};

/* Both tables ascend: CPUs by node, core, number; nodes by number. */
struct machine {
	unsigned int nr_cpus, nr_nodes;
	struct machine_cpu cpu[CPUSET_MAX];
	struct machine_node node[ISLE_MAX_NODES];
	struct isle_cpuset offline; /* exist, but cannot be chosen: offline or reserved */
	struct isle_cpuset used;    /* in the reserve, but held by an isle */
};

/* The order of the table of CPUs, for qsort(). */
int machine_cpu_compare(const void *a, const void *b);

/* Row of a node or a CPU, or NULL. */
const struct machine_node *machine_node(const struct machine *m, uint32_t node);
const struct machine_cpu *machine_cpu(const struct machine *m, uint32_t cpu);

/* Number of CPUs in the core that begins in row i; of whole cores and of CPUs of a node. */
unsigned int machine_core_cpus(const struct machine *m, unsigned int i);
unsigned int machine_node_cpus(const struct machine *m, uint32_t node);

#endif
