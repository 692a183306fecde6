/* SPDX-License-Identifier: MIT */
/*
 * sysconf - sysconf, pathconf and confstr have sane values; the number of cores is that of the affinity
 * mask. Catches a view of the whole machine.
 */
#include "conform.h"
#include <sys/sysinfo.h>

int main(void)
{
	cpu_set_t set;
	char text[256];

	must(sched_getaffinity(0, sizeof(set), &set));
	equal(sysconf(_SC_PAGESIZE), 4096, "page size");
	equal(sysconf(_SC_CLK_TCK), 100, "clock ticks");
	check(sysconf(_SC_NPROCESSORS_ONLN) >= CPU_COUNT(&set), "cores");
	check(sysconf(_SC_NPROCESSORS_CONF) >= sysconf(_SC_NPROCESSORS_ONLN), "configured cores");
	equal(get_nprocs() - sysconf(_SC_NPROCESSORS_ONLN), 0, "get_nprocs");
	check(sysconf(_SC_PHYS_PAGES) > 1000, "memory");
	check(sysconf(_SC_AVPHYS_PAGES) > 100 && sysconf(_SC_AVPHYS_PAGES) <= sysconf(_SC_PHYS_PAGES), "free memory");
	check(sysconf(_SC_ARG_MAX) >= 131072, "arguments");
	check(sysconf(_SC_IOV_MAX) == 1024, "vectors");
	check(sysconf(_SC_LEVEL1_DCACHE_LINESIZE) == 64 || sysconf(_SC_LEVEL1_DCACHE_LINESIZE) == 0, "cache line");
	equal(sysconf(_SC_MONOTONIC_CLOCK) > 0, 1, "monotonic clock");
	equal(pathconf("/", _PC_NAME_MAX), 255, "names");
	check(pathconf("/", _PC_PATH_MAX) == 4096, "paths");
	check(confstr(_CS_PATH, text, sizeof(text)) > 0 && strchr(text, '/'), "confstr");
	fails(sysconf(9999), EINVAL, "unknown");
	return done();
}
