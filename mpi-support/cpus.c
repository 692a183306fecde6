/* SPDX-License-Identifier: MIT */
/*
 * cpus.c - reads and writes sets of Linux CPU numbers.
 */
#include "cpus.h"

#include <stdio.h>
#include <string.h>

uint32_t cpus_count(const struct isle_cpuset *set)
{
	uint32_t n = 0;

	for (size_t i = 0; i < sizeof(set->bits) / sizeof(set->bits[0]); i++)
		n += (uint32_t)__builtin_popcountll(set->bits[i]);
	return n;
}

static bool read_cpu(const char **text, uint32_t *cpu)
{
	const char *p = *text;

	for (*cpu = 0; *p >= '0' && *p <= '9' && *cpu < CPUS_MAX; p++)
		*cpu = *cpu * 10 + (uint32_t)(*p - '0');
	if (p == *text || *cpu >= CPUS_MAX)
		return false;
	*text = p;
	return true;
}

bool cpus_parse(const char *text, struct isle_cpuset *set)
{
	uint32_t first, last;

	memset(set, 0, sizeof(*set));
	for (;;) {
		if (!read_cpu(&text, &first))
			return false;
		last = first;
		if (*text == '-') {
			text++;
			if (!read_cpu(&text, &last) || last < first)
				return false;
		}
		for (; first <= last; first++)
			cpus_add(set, first);
		if (*text != ',')
			break;
		text++;
	}
	return !*text || strcmp(text, "\n") == 0;
}

const char *cpus_print(const struct isle_cpuset *set, char text[CPUS_TEXT])
{
	uint32_t cpu = 0, last;
	size_t used = 0;

	strcpy(text, "-");
	for (; cpu < CPUS_MAX; cpu = last + 1) {
		last = cpu;
		if (!cpus_has(set, cpu))
			continue;
		while (cpus_has(set, last + 1))
			last++;
		used += (size_t)snprintf(text + used, CPUS_TEXT - used,
					 last > cpu ? "%s%u-%u" : "%s%u", used ? "," : "",
					 cpu, last);
	}
	return text;
}
