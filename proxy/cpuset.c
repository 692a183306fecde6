/* SPDX-License-Identifier: MIT */
/*
 * cpuset.c - parses and prints lists of CPUs.
 */
#include "cpuset.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

void cpuset_clear(struct isle_cpuset *set)
{
	memset(set, 0, sizeof(*set));
}

void cpuset_add(struct isle_cpuset *set, unsigned int cpu)
{
	if (cpu < CPUSET_MAX)
		set->bits[cpu / 64] |= 1ull << (cpu % 64);
}

void cpuset_remove(struct isle_cpuset *set, unsigned int cpu)
{
	if (cpu < CPUSET_MAX)
		set->bits[cpu / 64] &= ~(1ull << (cpu % 64));
}

void cpuset_join(struct isle_cpuset *set, const struct isle_cpuset *other)
{
	unsigned int i;

	for (i = 0; i < CPUSET_MAX / 64; i++)
		set->bits[i] |= other->bits[i];
}

bool cpuset_has(const struct isle_cpuset *set, unsigned int cpu)
{
	return cpu < CPUSET_MAX && (set->bits[cpu / 64] >> (cpu % 64) & 1);
}

bool cpuset_overlaps(const struct isle_cpuset *a, const struct isle_cpuset *b)
{
	unsigned int i;

	for (i = 0; i < CPUSET_MAX / 64; i++)
		if (a->bits[i] & b->bits[i])
			return true;
	return false;
}

unsigned int cpuset_count(const struct isle_cpuset *set)
{
	unsigned int i, n = 0;

	for (i = 0; i < CPUSET_MAX / 64; i++)
		n += (unsigned int)__builtin_popcountll(set->bits[i]);
	return n;
}

/* Reads one number; -EINVAL without a sentence if there is none, -ERANGE if it is too large. */
static int number_parse(const char **text, unsigned int *number)
{
	const char *p = *text;
	unsigned int n = 0;

	if (!isdigit((unsigned char)*p))
		return -EINVAL;
	for (; isdigit((unsigned char)*p); p++) {
		n = n * 10 + (unsigned int)(*p - '0');
		if (n >= CPUSET_MAX)
			return -ERANGE;
	}
	*number = n;
	*text = p;
	return 0;
}

/* Reads "N" or "N-M" and adds it. */
static int range_parse(const char **text, struct isle_cpuset *set)
{
	unsigned int first, last;
	int err;

	err = number_parse(text, &first);
	if (err)
		return err;
	last = first;
	if (**text == '-') {
		++*text;
		err = number_parse(text, &last);
		if (err)
			return err;
	}
	if (last < first)
		return -EDOM;
	for (; first <= last; first++)
		cpuset_add(set, first);
	return 0;
}

int cpuset_parse(const char *text, struct isle_cpuset *set, struct why *why)
{
	const char *p = text;
	int err = -EINVAL;

	cpuset_clear(set);
	do {
		err = range_parse(&p, set);
	} while (!err && *p == ',' && *++p);
	if (!err && (*p || p[-1] == ','))
		err = -EINVAL;
	switch (err) {
	case 0:
		return 0;
	case -ERANGE:
		return why_say(why, -EINVAL, "'%.80s' names a CPU above %u", text, CPUSET_MAX - 1);
	case -EDOM:
		return why_say(
			why, -EINVAL,
			"'%.80s' has a range that runs backwards; write the smaller number first",
			text);
	default:
		return why_say(why, -EINVAL, "'%.80s' is not a list of CPUs; write it like 2-5,8",
			       text);
	}
}

const char *cpuset_print(const struct isle_cpuset *set, char *text, size_t size)
{
	unsigned int cpu, last;
	size_t at = 0;

	snprintf(text, size, "none");
	for (cpu = 0; cpu < CPUSET_MAX && at < size; cpu = last + 1) {
		last = cpu;
		if (!cpuset_has(set, cpu))
			continue;
		while (cpuset_has(set, last + 1))
			last++;
		at += (size_t)snprintf(text + at, size - at, last == cpu ? "%s%u" : "%s%u-%u",
				       at ? "," : "", cpu, last);
	}
	return text;
}
