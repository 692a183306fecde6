/* SPDX-License-Identifier: MIT */
/*
 * pool.c - adds the reserve up, node by node.
 */
#include "pool.h"

#include <stdlib.h>
#include <string.h>

/* Row of a node, made if it is new and there is room. The table stays in order. */
static struct machine_node *node_row(struct machine *m, uint32_t node)
{
	unsigned int i = 0;

	while (i < m->nr_nodes && m->node[i].node < node)
		i++;
	if (i < m->nr_nodes && m->node[i].node == node)
		return &m->node[i];
	if (m->nr_nodes == ISLE_MAX_NODES)
		return NULL;
	memmove(&m->node[i + 1], &m->node[i], (m->nr_nodes - i) * sizeof(m->node[0]));
	m->nr_nodes++;
	m->node[i] = (struct machine_node){ .node = node, .distance = 10 };
	return &m->node[i];
}

/* Cores are numbered by the first CPU seen of them: ids of the hardware repeat in every package. */
static uint32_t core_number(const struct isle_reserved_cpu *cpus, uint32_t i)
{
	uint32_t k;

	for (k = 0; k < i; k++)
		if (cpus[k].package == cpus[i].package && cpus[k].core == cpus[i].core &&
		    cpus[k].node == cpus[i].node)
			return k;
	return i;
}

void pool_fill(struct machine *m, const struct isle_reserved_cpu *cpus, uint32_t nr_cpus,
	       const struct isle_reserved_extent *extents, uint32_t nr_extents)
{
	struct machine_node *node;
	uint32_t i;

	memset(m, 0, sizeof(*m));
	for (i = 0; i < nr_cpus; i++) {
		node_row(m, cpus[i].node);
		if (cpus[i].state == ISLE_RCPU_ISLE)
			cpuset_add(&m->used, cpus[i].linux_cpu);
		if (cpus[i].state != ISLE_RCPU_PARKED || m->nr_cpus == CPUSET_MAX)
			continue;
		m->cpu[m->nr_cpus++] = (struct machine_cpu){
			.cpu = cpus[i].linux_cpu,
			.core = core_number(cpus, i),
			.node = cpus[i].node,
		};
	}
	for (i = 0; i < nr_extents; i++) {
		node = node_row(m, extents[i].node);
		if (!node)
			continue;
		node->size += extents[i].size;
		if (extents[i].isle_id == 0)
			node->free += extents[i].size;
	}
	qsort(m->cpu, m->nr_cpus, sizeof(m->cpu[0]), machine_cpu_compare);
}

int pool_read(struct dev *dev, struct machine *m)
{
	struct isle_reserved_extent *extents;
	struct isle_reserved_cpu *cpus;
	uint32_t nr_cpus, nr_extents;
	int err;

	err = dev_reserved(dev, &cpus, &nr_cpus, &extents, &nr_extents);
	if (err)
		return err;
	pool_fill(m, cpus, nr_cpus, extents, nr_extents);
	free(cpus);
	free(extents);
	return 0;
}
