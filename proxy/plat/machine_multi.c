/* SPDX-License-Identifier: MIT */
/*
 * machine_multi.c - the isle that a program on bare cores sees: its CPUs and memory as the module tells them.
 *
 * Linux cannot tell: the isle's CPUs are offline. Distances between nodes are the firmware's and stay in sysfs.
 */
#include "plat.h"

#include "view/view.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODES  "/sys/devices/system/node"

static void cpus_fill(struct view_machine *m, const struct isle_cpuset *set, const struct isle_reserved_cpu *cpu,
		      uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr && m->nr_cpus < ISLE_MAX_CPUS; i++)
		if (cpuset_has(set, cpu[i].linux_cpu))
			m->cpu[m->nr_cpus++] = (struct view_cpu){
				.cpu = cpu[i].linux_cpu, .apic_id = cpu[i].apic_id, .package = cpu[i].package,
				.core = cpu[i].core, .thread = cpu[i].thread, .node = cpu[i].node,
			};
}

/* Nodes with memory or CPUs of the isle. */
static void nodes_fill(struct view_machine *m, const struct isle_stat *stat)
{
	uint32_t node, i;

	for (node = 0; node < ISLE_MAX_NODES; node++) {
		bool used = stat->mem_node[node] != 0;

		for (i = 0; i < m->nr_cpus && !used; i++)
			used = m->cpu[i].node == node;
		if (used)
			m->node[m->nr_nodes++] = (struct view_node){ .node = node, .size = stat->mem_node[node] };
	}
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Linux's node numbers, ascending: the order of the columns of `distance'. Returns how many. */
static unsigned int columns_read(int column[ISLE_MAX_NODES])
{
	DIR *dir = opendir(NODES);
	struct dirent *entry;
	unsigned int n = 0;

	while (dir && (entry = readdir(dir)) && n < ISLE_MAX_NODES)
		if (sscanf(entry->d_name, "node%d", &column[n]) == 1)
			n++;
	if (dir)
		closedir(dir);
	qsort(column, n, sizeof(column[0]), by_number);
	return n;
}

/* One row of the table; what cannot be read stays unknown. */
static void distances_read(struct view_machine *m, struct view_node *from, const int *column, unsigned int columns)
{
	unsigned int i, row, value;
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), NODES "/node%u/distance", from->node);
	file = fopen(path, "re");
	for (i = 0; file && i < columns && fscanf(file, "%u", &value) == 1; i++)
		for (row = 0; row < m->nr_nodes; row++)
			if ((int)m->node[row].node == column[i] && value <= UINT8_MAX)
				from->distance[row] = (uint8_t)value;
	if (file)
		fclose(file);
}

int machine_multi(struct isle *isle, struct view_machine *m)
{
	struct isle_reserved_extent *extents;
	struct isle_reserved_cpu *cpus;
	uint32_t nr_cpus, nr_extents, i;
	struct isle_stat stat;
	int column[ISLE_MAX_NODES], err = dev_stat(&isle->dev, isle->id, &stat);
	unsigned int columns;

	if (!err)
		err = dev_reserved(&isle->dev, &cpus, &nr_cpus, &extents, &nr_extents);
	if (err) {
		isle->why = isle->dev.why;
		return err;
	}
	cpus_fill(m, &stat.cpus, cpus, nr_cpus);
	free(cpus);
	free(extents);
	nodes_fill(m, &stat);
	columns = columns_read(column);
	for (i = 0; i < m->nr_nodes; i++)
		distances_read(m, &m->node[i], column, columns);
	m->mem_size = stat.mem_size;
	m->nr_caches = view_probe_caches(m->cache, VIEW_MAX_CACHES);
	return 0;
}
