/* SPDX-License-Identifier: MIT */
/*
 * sysinfo - sysinfo, /proc/meminfo and sysconf tell about the same memory. Catches units mixed up.
 */
#include "conform.h"
#include <sys/sysinfo.h>

int main(void)
{
	unsigned long total = 0, unit;
	struct sysinfo info;
	char *text;

	must(sysinfo(&info));
	unit = info.mem_unit ? info.mem_unit : 1;
	check(info.totalram * unit > 16 * MIB, "memory");
	check(info.freeram <= info.totalram, "free memory");
	check(info.procs >= 1 && info.uptime > 0, "processes and uptime");
	text = slurp("/proc/meminfo");
	equal(sscanf(text, "MemTotal: %lu kB", &total), 1, "MemTotal");
	check(total * 1024 == info.totalram * unit, "the same memory");
	check((unsigned long)sysconf(_SC_PHYS_PAGES) * 4096 / MIB == total / 1024, "sysconf too");
	return done();
}
