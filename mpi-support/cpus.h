/* SPDX-License-Identifier: MIT */
/*
 * cpus.h - sets of Linux CPU numbers, and lists like 0-3,8 as Linux writes them.
 */
#ifndef MPI_SUPPORT_CPUS_H
#define MPI_SUPPORT_CPUS_H

#include <isle/ioctl.h>

#include <stdbool.h>
#include <stddef.h>

#define CPUS_MAX   1024u  /* bits of a struct isle_cpuset */
#define CPUS_TEXT  4096u  /* the longest list: every second CPU */

static inline void cpus_add(struct isle_cpuset *set, uint32_t cpu)
{
	set->bits[cpu / 64] |= 1ull << (cpu % 64);
}

static inline bool cpus_has(const struct isle_cpuset *set, uint32_t cpu)
{
	return cpu < CPUS_MAX && (set->bits[cpu / 64] >> (cpu % 64) & 1);
}

uint32_t cpus_count(const struct isle_cpuset *set);

/* Reads "0-3,8"; a newline may end it. False: not a list, or a CPU beyond the set. */
bool cpus_parse(const char *text, struct isle_cpuset *set);

/* Writes the list; "-" if the set is empty. Returns text. */
const char *cpus_print(const struct isle_cpuset *set, char text[CPUS_TEXT]);

#endif
