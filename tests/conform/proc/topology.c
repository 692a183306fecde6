/* SPDX-License-Identifier: MIT */
/*
 * topology - the topology of each allowed core and node 0 can be read below /sys. hwloc, libnuma and libomp do.
 */
#include "conform.h"

int main(void)
{
	char path[128], *text;
	cpu_set_t set;
	int c, bad = 0;

	must(sched_getaffinity(0, sizeof(set), &set));
	for (c = 0; c < CPU_SETSIZE; c++) {
		if (!CPU_ISSET(c, &set))
			continue;
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/topology/core_id", c);
		text = slurp(path);
		bad += text[0] < '0' || text[0] > '9';
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/topology/physical_package_id", c);
		text = slurp(path);
		bad += (text[0] < '0' || text[0] > '9') && text[0] != '-';
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/topology/thread_siblings", c);
		bad += !strpbrk(slurp(path), "123456789abcdef");
	}
	equal(bad, 0, "cores");
	if (access("/sys/devices/system/node", F_OK))
		skip("this kernel has no nodes");
	text = slurp("/sys/devices/system/node/online");
	check(text[0] >= '0' && text[0] <= '9', "nodes online");
	check(strpbrk(slurp("/sys/devices/system/node/node0/cpumap"), "123456789abcdef") != NULL, "node 0's cores");
	check(strstr(slurp("/sys/devices/system/node/node0/meminfo"), "MemTotal:") != NULL, "node 0's memory");
	return done();
}
