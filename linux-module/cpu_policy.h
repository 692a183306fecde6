/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cpu_policy.h - which sets of CPUs may be reserved, and which may become an isle.
 *
 * Whole cores always: two hardware threads share a core's caches and units, and its noise. Never
 * CPU 0's core: Linux needs it. One node, unless the caller says that it may span.
 */
#ifndef ISLE_CPU_POLICY_H
#define ISLE_CPU_POLICY_H

#include <isle/ioctl.h>

#include "pure.h"

/* A CPU, as far as the rules look at it. */
struct isle_policy_cpu {
	uint32_t cpu;
	uint32_t node;
	uint32_t key;        /* same core, same key */
	uint32_t flags;      /* ISLE_POLICY_* */
};
#define ISLE_POLICY_ONLINE    (1u << 0)
#define ISLE_POLICY_RESERVED  (1u << 1)  /* in the reserve */
#define ISLE_POLICY_BUSY      (1u << 2)  /* in the reserve, and of an isle */
#define ISLE_POLICY_LOST      (1u << 3)  /* in the reserve, did not come back from its isle */

/* The CPUs of the machine; number n need not lie at index n. */
struct isle_policy_world {
	const struct isle_policy_cpu *cpu;
	size_t nr;
};

static inline bool isle_cpuset_has(const struct isle_cpuset *set, uint32_t cpu)
{
	return cpu < 1024 && (set->bits[cpu / 64] >> (cpu % 64) & 1);
}

static inline void isle_cpuset_add(struct isle_cpuset *set, uint32_t cpu)
{
	set->bits[cpu / 64] |= 1ull << (cpu % 64);
}

bool isle_cpuset_is_empty(const struct isle_cpuset *set);
uint32_t isle_cpuset_count(const struct isle_cpuset *set);

/*
 * Whether the set may be reserved; an empty one may. why has ISLE_TEXT_SIZE bytes and gets a
 * sentence. -EINVAL unknown or offline, CPU 0's core, half a core, several nodes; -EEXIST.
 */
int isle_policy_reserve(const struct isle_policy_world *world, const struct isle_cpuset *set,
			bool span, char *why);

/* Whether the set may become an isle. -EINVAL not in the reserve, half a core, nodes; -EBUSY. */
int isle_policy_create(const struct isle_policy_world *world, const struct isle_cpuset *set,
		       bool span, char *why);

/*
 * Chooses nr free CPUs, whole cores, of a node or (ISLE_NODE_ANY) of the node where just enough
 * are free; of several only with span. -EBUSY too few are free; -EINVAL nr is not whole cores.
 */
int isle_policy_choose(const struct isle_policy_world *world, uint32_t nr, uint32_t node, bool span,
		       struct isle_cpuset *set, char *why);

#endif
