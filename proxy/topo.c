/* SPDX-License-Identifier: MIT */
/*
 * topo.c - reads cores, nodes, distances and free memory.
 *
 * A CPU belongs to the most local node that holds it, of equally local ones the lowest number: so
 * high-bandwidth memory, which the firmware shows as further nodes without CPUs of their own, does
 * not take CPUs away from the node that Linux counts them to.
 */
#include "topo.h"

#include <errno.h>
#include <hwloc.h>
#include <hwloc/distances.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t pu_node(hwloc_topology_t topo, hwloc_obj_t pu)
{
	hwloc_obj_t node = NULL, best = NULL;
	int weight, least = 0;

	while ((node = hwloc_get_next_obj_by_type(topo, HWLOC_OBJ_NUMANODE, node)) != NULL) {
		if (!hwloc_bitmap_isset(node->cpuset, pu->os_index))
			continue;
		weight = hwloc_bitmap_weight(node->cpuset);
		if (!best || weight < least ||
		    (weight == least && node->os_index < best->os_index)) {
			best = node;
			least = weight;
		}
	}
	return best ? best->os_index : 0;
}

static void read_cpus(hwloc_topology_t topo, struct machine *m)
{
	hwloc_const_bitmap_t all = hwloc_topology_get_complete_cpuset(topo);
	hwloc_obj_t pu = NULL, core;
	unsigned int i;

	while ((pu = hwloc_get_next_obj_by_type(topo, HWLOC_OBJ_PU, pu)) != NULL) {
		if (pu->os_index >= CPUSET_MAX || m->nr_cpus == CPUSET_MAX)
			continue;
		core = hwloc_get_ancestor_obj_by_type(topo, HWLOC_OBJ_CORE, pu);
		m->cpu[m->nr_cpus++] = (struct machine_cpu){
			.cpu = pu->os_index,
			.core = core ? core->logical_index : CPUSET_MAX + pu->logical_index,
			.node = pu_node(topo, pu),
		};
	}
	qsort(m->cpu, m->nr_cpus, sizeof(m->cpu[0]), machine_cpu_compare);
	for (i = 0; i < CPUSET_MAX; i++)
		if (hwloc_bitmap_isset(all, i) && !machine_cpu(m, i))
			cpuset_add(&m->offline, i);
}

/* MemFree of a node, or -1. */
static long long node_free(uint32_t node)
{
	char path[96], line[128];
	long long kib = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%u/meminfo", node);
	file = fopen(path, "re");
	while (file && kib < 0 && fgets(line, sizeof(line), file))
		if (sscanf(line, "Node %*u MemFree: %lld kB", &kib) != 1)
			kib = -1;
	if (file)
		fclose(file);
	return kib < 0 ? -1 : kib * 1024;
}

/* A kernel without NUMA has no nodes in sysfs; then the machine's own number counts. */
static long long machine_free(void)
{
	char line[128];
	long long kib = -1;
	FILE *file = fopen("/proc/meminfo", "re");

	while (file && kib < 0 && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemFree: %lld kB", &kib) != 1)
			kib = -1;
	if (file)
		fclose(file);
	return kib < 0 ? -1 : kib * 1024;
}

static int node_compare(const void *a, const void *b)
{
	const struct machine_node *x = a, *y = b;

	return x->node < y->node ? -1 : x->node > y->node;
}

static void read_nodes(hwloc_topology_t topo, struct machine *m, bool real)
{
	hwloc_obj_t node = NULL;
	long long amount;

	while ((node = hwloc_get_next_obj_by_type(topo, HWLOC_OBJ_NUMANODE, node)) != NULL) {
		struct machine_node *row = &m->node[m->nr_nodes];

		if (m->nr_nodes == ISLE_MAX_NODES)
			break;
		row->node = node->os_index;
		row->distance = 10;
		row->size = row->free = node->attr->numanode.local_memory;
		if (real) {
			amount = node_free(row->node);
			if (amount < 0)
				amount = machine_free();
			row->free = amount < 0 ? 0 : (uint64_t)amount;
		}
		m->nr_nodes++;
	}
	qsort(m->node, m->nr_nodes, sizeof(m->node[0]), node_compare);
}

/* Distances from CPU 0's node. Without a table of the firmware every other node is equally far. */
static void read_distances(hwloc_topology_t topo, struct machine *m)
{
	const struct machine_cpu *boot = machine_cpu(m, 0);
	uint32_t home = boot ? boot->node : 0;
	struct hwloc_distances_s *table = NULL;
	unsigned int i, from, nr = 1;
	hwloc_uint64_t there, back;
	hwloc_obj_t node, homenode;

	for (i = 0; i < m->nr_nodes; i++)
		m->node[i].distance = m->node[i].node == home ? 10 : 20;
	if (hwloc_distances_get_by_name(topo, "NUMALatency", &nr, &table, 0) || nr == 0)
		return;
	homenode = hwloc_get_numanode_obj_by_os_index(topo, home);
	from = homenode ? (unsigned int)hwloc_distances_obj_index(table, homenode) : ~0u;
	for (i = 0; i < m->nr_nodes && from != ~0u; i++) {
		node = hwloc_get_numanode_obj_by_os_index(topo, m->node[i].node);
		if (node && !hwloc_distances_obj_pair_values(table, homenode, node, &there, &back))
			m->node[i].distance = (uint32_t)there;
	}
	hwloc_distances_release(topo, table);
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

int topo_read(struct machine *m, bool *real, struct why *why)
{
	hwloc_topology_t topo;
	int err;

	memset(m, 0, sizeof(*m));
	if (hwloc_topology_init(&topo))
		return why_say(why, -ENOMEM, "hwloc could not be set up: out of memory");
	hwloc_topology_set_flags(topo, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	if (hwloc_topology_load(topo)) {
		err = errno ? -errno : -EINVAL;
		hwloc_topology_destroy(topo);
		return why_say(why, err,
			       "hwloc cannot read the machine's topology: %s; are HWLOC_SYNTHETIC, "
			       "HWLOC_XMLFILE or HWLOC_FSROOT set wrongly?",
			       strerror(-err));
	}
	*real = hwloc_topology_is_thissystem(topo);
	/* hwloc silently takes this machine if it does not understand what shall replace it. */
	if (*real && !is_set("HWLOC_THISSYSTEM") &&
	    (is_set("HWLOC_SYNTHETIC") || is_set("HWLOC_XMLFILE"))) {
		hwloc_topology_destroy(topo);
		return why_say(why, -EINVAL,
			       "hwloc does not understand what HWLOC_SYNTHETIC or HWLOC_XMLFILE "
			       "say; HWLOC_SYNTHETIC_VERBOSE=1 or lstopo tell more");
	}
	read_cpus(topo, m);
	read_nodes(topo, m, *real);
	read_distances(topo, m);
	hwloc_topology_destroy(topo);
	if (m->nr_cpus == 0)
		return why_say(why, -ENODEV, "hwloc shows no CPU");
	return 0;
}

unsigned int topo_smt(const struct machine *m)
{
	unsigned int i, widest = 1, width;

	for (i = 0; i < m->nr_cpus; i += width) {
		width = machine_core_cpus(m, i);
		if (width > widest)
			widest = width;
	}
	return widest;
}

unsigned int topo_cores(const struct machine *m)
{
	unsigned int i, n = 0;

	for (i = 0; i < m->nr_cpus; i += machine_core_cpus(m, i))
		n++;
	return n;
}
