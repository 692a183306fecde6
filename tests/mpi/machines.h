/* SPDX-License-Identifier: MIT */
/*
 * machines.h - reserves of machines that need not exist.
 */
#ifndef TESTS_MPI_MACHINES_H
#define TESTS_MPI_MACHINES_H

#include "placement.h"

struct model {
	const char *name;
	uint32_t packages, nodes_per_package;
	uint32_t cores;            /* a node, unless `uneven` */
	uint32_t smt;
	uint64_t mem;              /* MiB a node */
	bool     siblings_last;    /* CPU numbers: all first threads, then all second ones */
	bool     cyclic;           /* node numbers go round the packages */
	const uint32_t *uneven;    /* cores of each node */
};

extern const struct model machines[];
extern const unsigned int nr_machines;

void machine_reserve(const struct model *machine, struct place_reserve *reserve);

/* Takes cores and memory away, as other isles would; `seed` says which. */
void reserve_use_some(struct place_reserve *reserve, uint32_t *seed);
/* Puts the CPUs in another order. */
void reserve_shuffle(struct place_reserve *reserve, uint32_t *seed);

uint32_t random_below(uint32_t *seed, uint32_t limit);

#endif
