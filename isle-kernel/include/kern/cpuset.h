/* SPDX-License-Identifier: MIT */
/*
 * cpuset.h - a set of cores, by row of the CPU table. Never a 64-bit mask: an isle may have
 * ISLE_MAX_CPUS.
 */
#ifndef KERN_CPUSET_H
#define KERN_CPUSET_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/types.h>

#define CPUSET_WORDS  (ISLE_MAX_CPUS / 64)

struct cpuset {
	uint64_t bits[CPUSET_WORDS];
};

static inline void cpuset_add(struct cpuset *set, uint32_t row)
{
	set->bits[row / 64] |= 1ull << (row % 64);
}

static inline void cpuset_remove(struct cpuset *set, uint32_t row)
{
	set->bits[row / 64] &= ~(1ull << (row % 64));
}

static inline bool cpuset_has(const struct cpuset *set, uint32_t row)
{
	return set->bits[row / 64] >> (row % 64) & 1;
}

/* The first row >= from in the set, or ISLE_MAX_CPUS. */
static inline uint32_t cpuset_next(const struct cpuset *set, uint32_t from)
{
	uint32_t word = from / 64;
	uint64_t bits;

	if (word >= CPUSET_WORDS)
		return ISLE_MAX_CPUS;
	bits = set->bits[word] & (~0ull << (from % 64));
	while (!bits) {
		if (++word == CPUSET_WORDS)
			return ISLE_MAX_CPUS;
		bits = set->bits[word];
	}
	return word * 64 + (uint32_t)__builtin_ctzll(bits);
}

#define cpuset_for_each(row, set) \
	for ((row) = cpuset_next((set), 0); (row) < ISLE_MAX_CPUS; \
	     (row) = cpuset_next((set), (row) + 1))

#endif
