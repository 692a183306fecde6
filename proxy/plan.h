/* SPDX-License-Identifier: MIT */
/*
 * plan.h - turns "8 CPUs and 4G" into CPU numbers and bytes of each node.
 *
 * Pure arithmetic on a struct machine, so that every rule is tested without the machine. The device
 * checks all of it again; the plan exists to choose well and to say what is wrong in the user's
 * words.
 *
 * Rules of a reserve (what leaves Linux):
 *   - whole cores only, never the core of CPU 0; Linux keeps at least `keep` cores, first on
 *     CPU 0's node;
 *   - a number of CPUs comes from one node if one has enough, the node farthest from CPU 0 first
 *     (of equally far ones the one with the highest number); otherwise nodes are emptied in that
 *     order. Cores leave from the top down;
 *   - memory: without a request half of what is free on each node that gives cores, in proportion
 *     to the cores it gives. SIZE is spread over these nodes in proportion; SIZE@NODE is exact;
 *     N% is a share of what is free there.
 * Rules of an isle (what is cut from the reserve):
 *   - a number of CPUs, or all free ones (auto), of one node: the one with the most free CPUs, of
 *     equal ones the lowest; lists and `all` may span nodes;
 *   - memory: without a request the free memory of these nodes, in proportion to the cores taken.
 */
#ifndef PROXY_PLAN_H
#define PROXY_PLAN_H

#include "machine.h"
#include "why.h"

#include <isle/ioctl.h>

#define PLAN_ANY_NODE 0xffffffffu

struct plan_ask {
	/* LIST, N, "auto" or "all"; a bare number is N. NULL: none (reserve), auto (isle). */
	const char *cpus;
	/* PART,... with PART = SIZE[@NODE] or N%[@NODE], or "none". NULL: the default. */
	const char *mem;
	uint32_t node; /* isle: only this node, or PLAN_ANY_NODE */
	uint32_t keep; /* reserve: cores that Linux keeps, at least 1 */
};

struct plan {
	struct isle_cpuset cpus;
	unsigned int nr_cpus, nr_cores;
	unsigned int nr_nodes; /* nodes that CPUs come from */
	bool spans;	       /* CPUs and memory are of more than one node */
	unsigned int nr_mem;
	struct isle_mem
		mem[ISLE_MAX_NODES]; /* ascending nodes, multiples of the granule, none of size 0 */
};

/* 0, or with a sentence: -EINVAL the request makes no sense, -ENOSPC the machine cannot give it. */
int plan_reserve(const struct machine *m, const struct plan_ask *ask, struct plan *plan,
		 struct why *why);
int plan_isle(const struct machine *m, const struct plan_ask *ask, struct plan *plan,
	      struct why *why);

/* Sum of the plan's memory. */
uint64_t plan_mem(const struct plan *plan);

#endif
