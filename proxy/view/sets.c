// SPDX-License-Identifier: MIT
/*
 * sets.c - sets of CPUs and nodes, in the two forms in which Linux writes them.
 */
#include "inner.h"

#include <stdio.h>
#include <string.h>

const char *view_mask(const struct isle_cpuset *set, unsigned int bits, char *text)
{
	unsigned int group = (bits + 31) / 32, digits = ((bits - 1) % 32) / 4 + 1;
	char *at = text;

	/* Groups of 32 bits, the highest first and only as wide as it must be. */
	while (group--) {
		uint32_t part = (uint32_t)(set->bits[group / 2] >> (group % 2 * 32));

		at += sprintf(at, "%0*x%s", (int)digits, part, group ? "," : "");
		digits = 8;
	}
	return text;
}

const char *view_list(const struct isle_cpuset *set, char *text)
{
	text[0] = 0;
	return cpuset_count(set) ? cpuset_print(set, text, CPUSET_TEXT) : text;
}

void view_put_set(struct view *view, const char *prefix, const char *list_name,
		  const struct isle_cpuset *set)
{
	char mask[VIEW_MASK_TEXT], list[CPUSET_TEXT];

	view_put(view, prefix, "%s\n", view_mask(set, view->mask_bits, mask));
	view_put(view, list_name, "%s\n", view_list(set, list));
}

void view_all_cpus(const struct view_machine *m, struct isle_cpuset *set)
{
	uint32_t i;

	cpuset_clear(set);
	for (i = 0; i < m->nr_cpus; i++)
		cpuset_add(set, m->cpu[i].cpu);
}

void view_all_nodes(const struct view_machine *m, struct isle_cpuset *set)
{
	uint32_t i;

	cpuset_clear(set);
	for (i = 0; i < m->nr_nodes; i++)
		cpuset_add(set, m->node[i].node);
}

void view_node_cpus(const struct view_machine *m, uint32_t node, struct isle_cpuset *set)
{
	uint32_t i;

	cpuset_clear(set);
	for (i = 0; i < m->nr_cpus; i++)
		if (m->cpu[i].node == node)
			cpuset_add(set, m->cpu[i].cpu);
}

void view_memory_nodes(const struct view_machine *m, struct isle_cpuset *set)
{
	uint32_t i;

	cpuset_clear(set);
	for (i = 0; i < m->nr_nodes; i++)
		if (m->node[i].size)
			cpuset_add(set, m->node[i].node);
}
