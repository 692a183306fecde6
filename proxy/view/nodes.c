// SPDX-License-Identifier: MIT
/*
 * nodes.c - /sys/devices/system/node of an isle, and its cpuset as control groups show it.
 *
 * A node shows the memory the isle has on it, not the host's. Huge pages are none: the isle's
 * memory is not in Linux's pool of them, and hwloc subtracts that pool from a node.
 */
#include "inner.h"

#include <stdio.h>

#define NODE    "sys/devices/system/node"
#define CGROUP  "sys/fs/cgroup"

static void write_distances(struct view *view, uint32_t i)
{
	const struct view_machine *m = &view->machine;
	char path[PATH_MAX], text[ISLE_MAX_NODES * 4 + 2];
	size_t at = 0;
	uint32_t j;

	/* 10 is the node itself, 20 what Linux assumes of another. */
	for (j = 0; j < m->nr_nodes; j++)
		at += (size_t)sprintf(text + at, "%s%u", j ? " " : "", m->node[i].distance[j] ?
				      m->node[i].distance[j] : i == j ? 10u : 20u);
	snprintf(path, sizeof(path), NODE "/node%u/distance", m->node[i].node);
	view_put(view, path, "%s\n", text);
}

static void write_hugepages(struct view *view, uint32_t node)
{
	static const char *const sizes[] = { "2048kB", "1048576kB" };
	static const char *const files[] = { "nr", "free", "surplus" };
	char path[PATH_MAX];
	unsigned int s, f;

	view_dir(view, NODE "/node%u/hugepages", node);
	for (s = 0; s < 2; s++) {
		view_dir(view, NODE "/node%u/hugepages/hugepages-%s", node, sizes[s]);
		for (f = 0; f < 3; f++) {
			snprintf(path, sizeof(path),
				 NODE "/node%u/hugepages/hugepages-%s/%s_hugepages",
				 node, sizes[s], files[f]);
			view_put(view, path, "0\n");
		}
	}
}

static void write_node(struct view *view, uint32_t i)
{
	const struct view_machine *m = &view->machine;
	uint32_t n = m->node[i].node, c;
	unsigned long long kib = m->node[i].size >> 10;
	char path[PATH_MAX], list[PATH_MAX], target[64];
	struct isle_cpuset set;

	view_dir(view, NODE "/node%u", n);
	view_node_cpus(m, n, &set);
	snprintf(path, sizeof(path), NODE "/node%u/cpumap", n);
	snprintf(list, sizeof(list), NODE "/node%u/cpulist", n);
	view_put_set(view, path, list, &set);
	snprintf(path, sizeof(path), NODE "/node%u/meminfo", n);
	view_put(view, path,
		 "Node %u MemTotal:       %8llu kB\n"
		 "Node %u MemFree:        %8llu kB\n"
		 "Node %u MemUsed:        %8u kB\n"
		 "Node %u HugePages_Total: %5u\n"
		 "Node %u HugePages_Free:  %5u\n"
		 "Node %u HugePages_Surp:  %5u\n",
		 n, kib, n, kib, n, 0u, n, 0u, n, 0u, n, 0u);
	snprintf(path, sizeof(path), NODE "/node%u/numastat", n);
	view_put(view, path, "numa_hit 0\nnuma_miss 0\nnuma_foreign 0\n"
		 "interleave_hit 0\nlocal_node 0\nother_node 0\n");
	write_distances(view, i);
	write_hugepages(view, n);
	snprintf(target, sizeof(target), "../../../devices/system/node/node%u", n);
	snprintf(path, sizeof(path), "sys/bus/node/devices/node%u", n);
	view_link(view, target, path);
	for (c = 0; c < m->nr_cpus; c++) {
		if (m->cpu[c].node != n)
			continue;
		snprintf(target, sizeof(target), "../../cpu/cpu%u", m->cpu[c].cpu);
		snprintf(path, sizeof(path), NODE "/node%u/cpu%u", n, m->cpu[c].cpu);
		view_link(view, target, path);
	}
}

/* Nodes that have CPUs of the isle. */
static void cpu_nodes(const struct view_machine *m, struct isle_cpuset *set)
{
	uint32_t i;

	cpuset_clear(set);
	for (i = 0; i < m->nr_cpus; i++)
		cpuset_add(set, m->cpu[i].node);
}

void view_write_nodes(struct view *view)
{
	const struct view_machine *m = &view->machine;
	char text[CPUSET_TEXT];
	struct isle_cpuset set;
	uint32_t i;

	view_dir(view, NODE);
	view_dir(view, "sys/bus/node");
	view_dir(view, "sys/bus/node/devices");
	view_all_nodes(m, &set);
	view_put(view, NODE "/online", "%s\n", view_list(&set, text));
	view_put(view, NODE "/possible", "%s\n", view_list(&set, text));
	view_memory_nodes(m, &set);
	view_put(view, NODE "/has_memory", "%s\n", view_list(&set, text));
	view_put(view, NODE "/has_normal_memory", "%s\n", view_list(&set, text));
	cpu_nodes(m, &set);
	view_put(view, NODE "/has_cpu", "%s\n", view_list(&set, text));
	for (i = 0; i < m->nr_nodes; i++)
		write_node(view, i);
}

void view_write_cgroup(struct view *view)
{
	/* Version 2 has the first two of each, version 1 the first and the last. */
	static const char *const names[2][3] = {
		{ "cpuset.cpus", "cpuset.cpus.effective", "cpuset.effective_cpus" },
		{ "cpuset.mems", "cpuset.mems.effective", "cpuset.effective_mems" },
	};
	char path[PATH_MAX], text[CPUSET_TEXT];
	struct isle_cpuset set;
	unsigned int i, mems;

	view_dir(view, "sys/fs");
	view_dir(view, CGROUP);
	for (mems = 0; mems < 2; mems++) {
		if (mems)
			view_all_nodes(&view->machine, &set);
		else
			view_all_cpus(&view->machine, &set);
		for (i = 0; i < 3; i++) {
			snprintf(path, sizeof(path), CGROUP "/%s", names[mems][i]);
			view_put(view, path, "%s\n", view_list(&set, text));
		}
	}
}
