/* SPDX-License-Identifier: MIT */
/*
 * plan_mem.c - which memory: shares follow the cores, named nodes are taken at their word.
 */
#include "plan_mem.h"

#include "size.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

const struct plan_mem_rules plan_mem_of_linux = { .place = "this machine", .percent = 50 };
const struct plan_mem_rules plan_mem_of_reserve = {
	.place = "the reserve",
	.percent = 100,
	.exact = true,
	.needed = true,
};

/* One part of a request: "512M", "25%@1". */
struct part {
	uint64_t amount; /* bytes, or percent */
	uint32_t node;	 /* or PLAN_ANY_NODE */
	bool percent;
};

/* Row by row of the machine's table of nodes. */
struct sums {
	uint64_t size[ISLE_MAX_NODES];
	unsigned int taken[ISLE_MAX_NODES]; /* CPUs of the plan */
	unsigned int cpus[ISLE_MAX_NODES];  /* CPUs of the machine */
};

static uint64_t granules_down(uint64_t size)
{
	return size & ~(ISLE_GRANULE_SIZE - 1);
}

static uint64_t granules_up(uint64_t size)
{
	return granules_down(size + ISLE_GRANULE_SIZE - 1);
}

/* part/whole of size without overflow. */
static uint64_t share(uint64_t size, uint64_t part, uint64_t whole)
{
	return whole ? (uint64_t)((unsigned __int128)size * part / whole) : 0;
}

static int node_parse(const char *text, size_t length, uint32_t *node, struct why *why)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < length && isdigit((unsigned char)text[i]) && n < 100000; i++)
		n = n * 10 + (uint32_t)(text[i] - '0');
	if (i == 0 || i < length)
		return why_say(why, -EINVAL, "'@%.*s' names no NUMA node; write it like 512M@1",
			       length > 40 ? 40 : (int)length, text);
	*node = n;
	return 0;
}

static int part_parse(const char *text, size_t length, struct part *part, struct why *why)
{
	const char *at = memchr(text, '@', length);
	int err;

	memset(part, 0, sizeof(*part));
	part->node = PLAN_ANY_NODE;
	if (at) {
		err = node_parse(at + 1, length - (size_t)(at + 1 - text), &part->node, why);
		if (err)
			return err;
		length = (size_t)(at - text);
	}
	part->percent = length > 1 && text[length - 1] == '%';
	if (part->percent) {
		err = size_parse(text, length - 1, &part->amount, why);
		if (err || part->amount < 1 || part->amount > 100 ||
		    !isdigit((unsigned char)text[length - 2]))
			return why_say(why, -EINVAL, "'%.*s' is no share; write 1%% to 100%%",
				       length > 40 ? 40 : (int)length, text);
		return 0;
	}
	err = size_parse(text, length, &part->amount, why);
	if (err)
		return err;
	if (part->amount < ISLE_GRANULE_SIZE)
		return why_say(
			why, -EINVAL,
			"'%.*s' is less than the 2 MiB in which memory is handed out; was a suffix "
			"like M or G meant?",
			length > 40 ? 40 : (int)length, text);
	part->amount = granules_up(part->amount);
	return 0;
}

static int unknown_node(const struct machine *m, uint32_t node, const struct plan_mem_rules *rules,
			struct why *why)
{
	struct isle_cpuset nodes = { { 0 } };
	char text[CPUSET_TEXT];
	unsigned int i;

	for (i = 0; i < m->nr_nodes; i++)
		cpuset_add(&nodes, m->node[i].node);
	return why_say(why, -EINVAL, "%s has no memory on a node %u; its nodes: %.100s",
		       rules->place, node, cpuset_print(&nodes, text, sizeof(text)));
}

static int part_add_node(const struct machine *m, const struct part *part,
			 const struct plan_mem_rules *rules, struct sums *sums, struct why *why)
{
	const struct machine_node *node = machine_node(m, part->node);

	if (!node)
		return unknown_node(m, part->node, rules, why);
	sums->size[node - m->node] +=
		part->percent ? granules_down(share(node->free, part->amount, 100)) : part->amount;
	return 0;
}

/* Spreads a size over the nodes that give CPUs; what division leaves goes to the first of them. */
static int part_spread(const struct machine *m, const struct part *part, const struct plan *plan,
		       struct sums *sums, struct why *why)
{
	uint64_t left = part->amount, piece;
	unsigned int i, first = m->nr_nodes;

	if (plan->nr_cpus == 0 && m->nr_nodes != 1)
		return why_say(why, -EINVAL,
			       "say which node the memory shall come from, like 512M@%u",
			       m->nr_nodes ? m->node[m->nr_nodes - 1].node : 0);
	for (i = m->nr_nodes; i-- > 0;) {
		piece = plan->nr_cpus
				? granules_down(share(part->amount, sums->taken[i], plan->nr_cpus))
				: part->amount;
		if (sums->taken[i] || plan->nr_cpus == 0)
			first = i;
		sums->size[i] += piece;
		left -= piece;
	}
	if (first < m->nr_nodes)
		sums->size[first] += left;
	return 0;
}

static int part_add(const struct machine *m, const struct part *part,
		    const struct plan_mem_rules *rules, const struct plan *plan, struct sums *sums,
		    struct why *why)
{
	struct part one = *part;
	unsigned int i;
	int err;

	if (part->node != PLAN_ANY_NODE)
		return part_add_node(m, part, rules, sums, why);
	if (!part->percent)
		return part_spread(m, part, plan, sums, why);
	for (i = 0; i < m->nr_nodes; i++) {
		if (plan->nr_cpus && !sums->taken[i])
			continue;
		one.node = m->node[i].node;
		err = part_add_node(m, &one, rules, sums, why);
		if (err)
			return err;
	}
	return 0;
}

static int parts_add(const struct machine *m, const char *ask, const struct plan_mem_rules *rules,
		     const struct plan *plan, struct sums *sums, struct why *why)
{
	struct part part;
	size_t length;
	int err;

	for (;; ask += length + 1) {
		length = strcspn(ask, ",");
		err = part_parse(ask, length, &part, why);
		if (!err)
			err = part_add(m, &part, rules, plan, sums, why);
		if (err || !ask[length])
			return err;
	}
}

/*
 * Nothing was asked: a share of the memory beside the cores, or, if there is none, of the fullest
 * node.
 */
static void sums_default(const struct machine *m, const struct plan_mem_rules *rules,
			 struct sums *sums)
{
	uint64_t sum = 0, most = 0;
	unsigned int i, best = 0;

	for (i = 0; i < m->nr_nodes; i++) {
		sums->size[i] =
			granules_down(share(share(m->node[i].free, sums->taken[i], sums->cpus[i]),
					    rules->percent, 100));
		sum += sums->size[i];
		if (m->node[i].free > most) {
			most = m->node[i].free;
			best = i;
		}
	}
	if (sum == 0 && rules->needed)
		sums->size[best] = granules_down(most);
}

static int sums_check(const struct machine *m, const struct plan_mem_rules *rules,
		      const struct sums *sums, struct why *why)
{
	char asked[SIZE_TEXT], has[SIZE_TEXT];
	uint64_t limit;
	unsigned int i;

	for (i = 0; i < m->nr_nodes; i++) {
		limit = rules->exact ? m->node[i].free : m->node[i].size;
		if (sums->size[i] > limit)
			return why_say(why, -ENOSPC,
				       "%s of node %u were asked for, but %s has only %s %s there",
				       size_print(sums->size[i], asked), m->node[i].node,
				       rules->place, size_print(limit, has),
				       rules->exact ? "free" : "in all");
	}
	return 0;
}

int plan_mem_fill(const struct machine *m, const char *ask, const struct plan_mem_rules *rules,
		  struct plan *plan, struct why *why)
{
	struct sums sums;
	unsigned int i;
	int err;

	memset(&sums, 0, sizeof(sums));
	for (i = 0; i < m->nr_cpus; i++) {
		const struct machine_node *node = machine_node(m, m->cpu[i].node);

		if (!node)
			continue;
		sums.cpus[node - m->node]++;
		sums.taken[node - m->node] += cpuset_has(&plan->cpus, m->cpu[i].cpu);
	}
	if (!ask)
		sums_default(m, rules, &sums);
	else if (strcmp(ask, "none") != 0) {
		err = parts_add(m, ask, rules, plan, &sums, why);
		if (err)
			return err;
	}
	err = sums_check(m, rules, &sums, why);
	if (err)
		return err;
	plan->spans = plan->nr_nodes > 1;
	for (i = 0; i < m->nr_nodes; i++) {
		if (!sums.size[i])
			continue;
		plan->mem[plan->nr_mem++] =
			(struct isle_mem){ .node = m->node[i].node, .size = sums.size[i] };
		plan->spans = plan->spans || !sums.taken[i];
	}
	if (rules->needed && plan->nr_mem == 0)
		return why_say(
			why, -ENOSPC,
			"an isle needs memory, and %s; `islectl reserve --mem` adds to the reserve",
			ask ? "the request comes to less than 2 MiB" : "the reserve has none free");
	return 0;
}

uint32_t plan_mem_node(const char *ask)
{
	uint32_t node = PLAN_ANY_NODE;
	struct part part;
	struct why why;
	size_t length;

	for (;; ask += length + 1) {
		length = strcspn(ask, ",");
		if (part_parse(ask, length, &part, &why) || part.node == PLAN_ANY_NODE ||
		    (node != PLAN_ANY_NODE && part.node != node))
			return PLAN_ANY_NODE;
		node = part.node;
		if (!ask[length])
			return node;
	}
}

uint64_t plan_mem(const struct plan *plan)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < plan->nr_mem; i++)
		sum += plan->mem[i].size;
	return sum;
}
