/* SPDX-License-Identifier: MIT */
/*
 * cpuset.h - sets of CPU numbers, and the lists "2-3,6" in which people and Linux write them.
 *
 * Pure: no system call, no state. The set is the one of the device's contract, CPUs 0 to 1023.
 */
#ifndef PROXY_CPUSET_H
#define PROXY_CPUSET_H

#include "why.h"

#include <isle/ioctl.h>

#include <stdbool.h>
#include <stddef.h>

#define CPUSET_MAX 1024u
/*
 * Enough for any list that cpuset_print() makes: 512 single numbers of up to four digits and a
 * comma.
 */
#define CPUSET_TEXT 2600u

void cpuset_clear(struct isle_cpuset *set);
/* These two ignore numbers from CPUSET_MAX up. */
void cpuset_add(struct isle_cpuset *set, unsigned int cpu);
void cpuset_remove(struct isle_cpuset *set, unsigned int cpu);
/* Adds all CPUs of other. */
void cpuset_join(struct isle_cpuset *set, const struct isle_cpuset *other);
bool cpuset_has(const struct isle_cpuset *set, unsigned int cpu);
bool cpuset_overlaps(const struct isle_cpuset *a, const struct isle_cpuset *b);
unsigned int cpuset_count(const struct isle_cpuset *set);

/*
 * Reads a list: numbers and ascending ranges, separated by commas. 0, or -EINVAL with a sentence:
 * empty, not a number, a range that runs backwards, or a number above 1023.
 */
int cpuset_parse(const char *text, struct isle_cpuset *set, struct why *why);

/* Writes the shortest list, "none" for the empty set. Returns text, cut to size. */
const char *cpuset_print(const struct isle_cpuset *set, char *text, size_t size);

#endif
