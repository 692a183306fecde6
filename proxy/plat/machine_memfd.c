// SPDX-License-Identifier: MIT
/*
 * machine_memfd.c - the isle that a program in a memfd isle sees: the CPUs that the isle kernel numbers as Linux
 * does, one package of cores with one thread each (as the machine's CPUID says), and the memory the isle has.
 */
#include "memfd_isle.h"

#include "view/view.h"

#include <stdlib.h>

static int by_number(const void *a, const void *b)
{
	const struct view_cpu *x = a, *y = b;

	return x->cpu < y->cpu ? -1 : x->cpu > y->cpu;
}

static struct view_node *node_row(struct view_machine *v, uint32_t node)
{
	uint32_t i;

	for (i = 0; i < v->nr_nodes; i++)
		if (v->node[i].node == node)
			return &v->node[i];
	v->node[v->nr_nodes] = (struct view_node){ .node = node };
	return &v->node[v->nr_nodes++];
}

void memfd_machine(const struct memfd_isle *m, struct view_machine *v)
{
	uint32_t i;

	for (i = 0; i < m->nr_cpus; i++)
		v->cpu[i] = (struct view_cpu){
			.cpu = memfd_cpu_number(m, i), .apic_id = i, .core = i, .node = m->extent[0].node,
		};
	v->nr_cpus = m->nr_cpus;
	qsort(v->cpu, v->nr_cpus, sizeof(v->cpu[0]), by_number);
	/* The plan's nodes ascend, and so do the extents. */
	for (i = 0; i < m->nr_extents; i++)
		node_row(v, m->extent[i].node)->size += m->extent[i].size;
	for (i = 0; i < v->nr_nodes; i++)
		v->node[i].distance[i] = 10;
	v->mem_size = m->size;
	v->nr_caches = view_probe_caches(v->cache, VIEW_MAX_CACHES);
}
