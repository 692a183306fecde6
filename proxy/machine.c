/* SPDX-License-Identifier: MIT */
/*
 * machine.c - look-ups in the plain description of a machine.
 */
#include "machine.h"

int machine_cpu_compare(const void *a, const void *b)
{
	const struct machine_cpu *x = a, *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	if (x->core != y->core)
		return x->core < y->core ? -1 : 1;
	return x->cpu < y->cpu ? -1 : x->cpu > y->cpu;
}

const struct machine_node *machine_node(const struct machine *m, uint32_t node)
{
	unsigned int i;

	for (i = 0; i < m->nr_nodes; i++)
		if (m->node[i].node == node)
			return &m->node[i];
	return NULL;
}

const struct machine_cpu *machine_cpu(const struct machine *m, uint32_t cpu)
{
	unsigned int i;

	for (i = 0; i < m->nr_cpus; i++)
		if (m->cpu[i].cpu == cpu)
			return &m->cpu[i];
	return NULL;
}

unsigned int machine_core_cpus(const struct machine *m, unsigned int i)
{
	unsigned int n = 1;

	while (i + n < m->nr_cpus && m->cpu[i + n].core == m->cpu[i].core)
		n++;
	return n;
}

unsigned int machine_node_cpus(const struct machine *m, uint32_t node)
{
	unsigned int i, n = 0;

	for (i = 0; i < m->nr_cpus; i++)
		n += m->cpu[i].node == node;
	return n;
}
