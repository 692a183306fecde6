/* SPDX-License-Identifier: MIT */
/*
 * topology - the topology of each allowed core and of the first node can be read below /sys, as hwloc,
 * libnuma and libomp do.
 */
#include "conform.h"

int main(void)
{
	char path[128], *text;
	cpu_set_t set;
	int c, node, bad = 0;

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
	node = atoi(text);
	snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/cpumap", node);
	check(strpbrk(slurp(path), "123456789abcdef") != NULL, "a node's cores");
	snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/meminfo", node);
	check(strstr(slurp(path), "MemTotal:") != NULL, "a node's memory");
	return done();
}
