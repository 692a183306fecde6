/* SPDX-License-Identifier: MIT */
/*
 * plan_mem.h - the memory half of plan.h: from a request to bytes of each node. Pure.
 */
#ifndef PROXY_PLAN_MEM_H
#define PROXY_PLAN_MEM_H

#include "plan.h"

/* What differs between taking from Linux and cutting from the reserve. */
struct plan_mem_rules {
	const char *place;    /* "this machine", "the reserve" */
	unsigned int percent; /* of a node's free memory, when nothing was asked */
	bool exact;	      /* more than is free is an error; else only more than there is */
	bool needed;	      /* no memory at all is an error */
};

extern const struct plan_mem_rules plan_mem_of_linux, plan_mem_of_reserve;

/*
 * Fills plan->mem for the CPUs that stand in plan already. Sizes are rounded up to granules, shares
 * down. Errors as for plan_reserve().
 */
int plan_mem_fill(const struct machine *m, const char *ask, const struct plan_mem_rules *rules,
		  struct plan *plan, struct why *why);

/* The node that every part of a request names, or PLAN_ANY_NODE; a malformed request names none. */
uint32_t plan_mem_node(const char *ask);

#endif
