/* SPDX-License-Identifier: MIT */
/*
 * cpuinfo - /proc/cpuinfo, /sys/devices/system/cpu and the affinity mask name the same cores. Catches programs
 * that start a thread for every core of the whole machine.
 */
#include "conform.h"

static int listed(const char *path, cpu_set_t *set)
{
	char *text = slurp(path), *at = text;
	int n = 0;

	CPU_ZERO(set);
	while (*at && *at != '\n') {
		long from = strtol(at, &at, 10), to = from;

		if (*at == '-')
			to = strtol(at + 1, &at, 10);
		for (; from <= to; from++, n++)
			CPU_SET((int)from, set);
		if (*at == ',')
			at++;
	}
	return n;
}

int main(void)
{
	char *text = slurp("/proc/cpuinfo"), *at, *flags;
	cpu_set_t allowed, online, both;
	int n = 0;

	for (at = strstr(text, "processor\t"); at; at = strstr(at + 1, "\nprocessor\t"))
		n++;
	must(sched_getaffinity(0, sizeof(allowed), &allowed));
	check(n >= CPU_COUNT(&allowed), "as many processors as allowed cores");
	equal(n, sysconf(_SC_NPROCESSORS_ONLN), "as sysconf says");
	equal(listed("/sys/devices/system/cpu/online", &online), n, "as are online");
	CPU_AND(&both, &allowed, &online);
	check(CPU_EQUAL(&both, &allowed), "allowed ones are online");
	flags = strstr(text, "\nflags");
	check(flags && strstr(flags, " sse2 "), "flags");
	check(strstr(text, "\nmodel name\t: ") && strstr(text, "\ncpu MHz\t"), "model and MHz");
	check(listed("/sys/devices/system/cpu/possible", &both) >= n, "possible");
	return done();
}
