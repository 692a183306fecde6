/* SPDX-License-Identifier: MIT */
/*
 * placement.h - which cores and how much memory each local rank's isle gets.
 *
 * Pure arithmetic: the same reserve and the same request give the same plan, so every rank works
 * it out for itself and no rank has to tell another. Rules:
 *   - an isle has whole cores, one at least; no core is shared;
 *   - fewer ranks than nodes: each rank gets whole nodes, equally many, neighbours first, if that
 *     gives the smallest rank more cores than staying on one node would;
 *   - otherwise a rank stays on one node. The next rank goes where it leaves the most cores a rank,
 *     so the smallest share is as large as can be; shares of a job differ by one core at most, and
 *     what is left over stays in the reserve;
 *   - ranks are numbered along the nodes, so that neighbours in rank are neighbours in the machine;
 *   - memory comes from the nodes of the cores, in proportion to the cores taken of what is free
 *     there. A node without free memory gives no cores.
 */
#ifndef MPI_SUPPORT_PLACEMENT_H
#define MPI_SUPPORT_PLACEMENT_H

#include "refusal.h"

#include <isle/ioctl.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A CPU of the reserve, free or not: a core is free when all of its CPUs are. */
struct place_cpu {
	uint32_t linux_cpu, package, node, core, thread;
	bool     free;
};

struct place_reserve {
	uint32_t nr_cpus;
	struct place_cpu cpu[1024];
	uint64_t mem_free[ISLE_MAX_NODES];  /* bytes */
};

struct place_ask {
	uint32_t ranks;           /* local ranks of the job, from 1 */
	uint32_t cpus_per_rank;   /* rounded up to whole cores; 0: equal shares of everything */
	uint64_t mem_per_rank;    /* rounded up to granules; 0: in proportion */
	uint64_t mem_min;         /* what an isle needs to start; 0: one granule */
	uint64_t nodes;           /* bitmap: only these nodes; 0: all */
	struct isle_cpuset cpus;  /* only these CPUs; empty: all */
};

struct place_isle {
	struct isle_cpuset cpus;
	uint32_t nr_cpus, nr_cores;
	uint32_t nr_mem;                      /* nodes; more than one: ISLE_CREATE_F_SPAN */
	struct isle_mem mem[ISLE_MAX_NODES];  /* ascending nodes, granules, none of size 0 */
};

struct place_plan {
	uint32_t nr;              /* local ranks */
	struct place_isle *isle;  /* [nr] */
};

/* The reserve as ISLE_IOC_RESERVED tells it. 0, or -errno with a sentence. */
int place_reserve_read(struct place_reserve *reserve, const struct isle_reserved_cpu *cpus,
		       uint32_t nr_cpus, const struct isle_reserved_extent *extents,
		       uint32_t nr_extents, struct refusal *why);

/*
 * Plans the whole job. 0 and a plan for place_free(), or -errno with a sentence that says what
 * would fit.
 */
int place_job(const struct place_reserve *reserve, const struct place_ask *ask,
	      struct place_plan *plan, struct refusal *why);
/*
 * The same for ranks that need not ask for the same: wish[nr], whose field ranks is not looked at. If
 * all wishes are alike it is place_job().
 */
int place_wishes(const struct place_reserve *reserve, const struct place_ask *wish, uint32_t nr,
		 struct place_plan *plan, struct refusal *why);
void place_free(struct place_plan *plan);

/* Number that differs, all but surely, between different plans. */
uint64_t place_digest(const struct place_plan *plan);

/* The plan for a person, and for a program. ranks[nr]: which local ranks the rows are; NULL: 0, 1, 2... */
void place_print(FILE *out, const struct place_plan *plan, const uint32_t *ranks);
void place_print_json(FILE *out, const struct place_plan *plan, const uint32_t *ranks);

#endif
