/* SPDX-License-Identifier: MIT */
/*
 * plan.c - which cores: lists are checked, numbers and words are turned into lists.
 *
 * The table of CPUs is first folded into cores; everything is decided core by core, so that half a
 * core can only come from a list, where it is refused by name.
 */
#include "plan.h"
#include "plan_mem.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct core {
	unsigned int first, nr; /* rows of the machine's table */
	uint32_t node;
	bool kept; /* Linux keeps it */
	bool taken;
};

struct choice {
	const struct machine *m;
	bool reserve; /* cores leave Linux; else they are cut from the reserve */
	unsigned int nr_cores;
	struct core core[CPUSET_MAX];
};

static void choice_init(struct choice *c, const struct machine *m, bool reserve)
{
	unsigned int i;

	c->m = m;
	c->reserve = reserve;
	c->nr_cores = 0;
	for (i = 0; i < m->nr_cpus; i += c->core[c->nr_cores++].nr)
		c->core[c->nr_cores] = (struct core){
			.first = i,
			.nr = machine_core_cpus(m, i),
			.node = m->cpu[i].node,
		};
}

static bool core_has(const struct choice *c, const struct core *core, uint32_t cpu)
{
	unsigned int i;

	for (i = 0; i < core->nr; i++)
		if (c->m->cpu[core->first + i].cpu == cpu)
			return true;
	return false;
}

/* CPUs of node (or of all) that may be taken. */
static unsigned int choice_free(const struct choice *c, uint32_t node)
{
	unsigned int i, n = 0;

	for (i = 0; i < c->nr_cores; i++)
		if (!c->core[i].kept && (node == PLAN_ANY_NODE || c->core[i].node == node))
			n += c->core[i].nr;
	return n;
}

/*
 * Rows of the table of nodes, farthest from CPU 0 first; of equally far ones the highest number
 * first.
 */
static void nodes_by_distance(const struct machine *m, unsigned int order[ISLE_MAX_NODES])
{
	unsigned int i, j;

	for (i = 0; i < m->nr_nodes; i++) {
		for (j = i; j > 0 && m->node[order[j - 1]].distance <= m->node[i].distance; j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
}

/* Marks the cores that Linux keeps: CPU 0's, then from the bottom of the nearest nodes. */
static void choice_keep(struct choice *c, unsigned int keep)
{
	unsigned int order[ISLE_MAX_NODES], i, n;

	for (i = 0; i < c->nr_cores; i++) {
		if (core_has(c, &c->core[i], 0)) {
			c->core[i].kept = true;
			keep -= keep > 0;
		}
	}
	nodes_by_distance(c->m, order);
	for (n = c->m->nr_nodes; n-- > 0;) {
		for (i = 0; i < c->nr_cores && keep > 0; i++) {
			if (c->core[i].node == c->m->node[order[n]].node && !c->core[i].kept) {
				c->core[i].kept = true;
				keep--;
			}
		}
	}
}

static void take_all(struct choice *c, uint32_t node)
{
	unsigned int i;

	for (i = 0; i < c->nr_cores; i++)
		if (!c->core[i].kept && (node == PLAN_ANY_NODE || c->core[i].node == node))
			c->core[i].taken = true;
}

/*
 * Takes up to want CPUs of a node in whole cores, from the top down. Returns how many are still
 * wanted.
 */
static unsigned int take_some(struct choice *c, uint32_t node, unsigned int want)
{
	unsigned int i;

	for (i = c->nr_cores; i-- > 0;) {
		struct core *core = &c->core[i];

		if (core->node == node && !core->kept && !core->taken && core->nr <= want) {
			core->taken = true;
			want -= core->nr;
		}
	}
	return want;
}

static void take_nothing(struct choice *c)
{
	unsigned int i;

	for (i = 0; i < c->nr_cores; i++)
		c->core[i].taken = false;
}

/* Says why want CPUs cannot be had from a place that has `has` of them. */
static int too_many(const struct choice *c, unsigned int want, unsigned int has, uint32_t node,
		    struct why *why)
{
	unsigned int width = c->nr_cores ? c->core[c->nr_cores - 1].nr : 1;
	char place[48];

	if (has >= want && width > want)
		return why_say(why, -EINVAL,
			       "%u CPUs are not a whole core: a core here has %u hardware threads; "
			       "ask for %u",
			       want, width, width);
	if (has >= want && width > 1)
		return why_say(why, -EINVAL,
			       "%u CPUs are not whole cores: a core here has %u hardware threads; "
			       "ask for %u or %u",
			       want, width, want / width * width, want / width * width + width);
	if (c->reserve)
		return why_say(
			why, -ENOSPC,
			"%u CPUs were asked for, but only %u can leave Linux, which keeps CPU 0's "
			"core; offline and reserved CPUs do not count",
			want, has);
	snprintf(place, sizeof(place), node == PLAN_ANY_NODE ? "one node" : "node %u", node);
	return why_say(why, -ENOSPC,
		       "%u CPUs of %s were asked for, but the reserve has only %u free there; "
		       "`islectl status` shows it",
		       want, place, has);
}

/* A number of CPUs that leave Linux: one node if one has enough, else several, farthest first. */
static int take_reserve(struct choice *c, unsigned int want, struct why *why)
{
	unsigned int order[ISLE_MAX_NODES], i, left = want;

	nodes_by_distance(c->m, order);
	for (i = 0; i < c->m->nr_nodes; i++) {
		if (take_some(c, c->m->node[order[i]].node, want) == 0)
			return 0;
		take_nothing(c);
	}
	for (i = 0; i < c->m->nr_nodes; i++)
		left = take_some(c, c->m->node[order[i]].node, left);
	return left ? too_many(c, want, choice_free(c, PLAN_ANY_NODE), PLAN_ANY_NODE, why) : 0;
}

/*
 * The node that an isle goes to: with memory if there is one, with the most free CPUs, of equal
 * ones the lowest.
 */
static uint32_t isle_node(const struct choice *c, uint32_t wish)
{
	uint64_t best = 0, value;
	uint32_t node = c->m->nr_nodes ? c->m->node[0].node : 0;
	unsigned int i;

	if (wish != PLAN_ANY_NODE)
		return wish;
	for (i = 0; i < c->m->nr_nodes; i++) {
		value = choice_free(c, c->m->node[i].node);
		if (value && c->m->node[i].free)
			value += 1ull << 32;
		if (value > best) {
			best = value;
			node = c->m->node[i].node;
		}
	}
	return node;
}

/* want 0: all that the node has. */
static int take_isle(struct choice *c, unsigned int want, uint32_t wish, struct why *why)
{
	uint32_t node = isle_node(c, wish);
	unsigned int has = choice_free(c, node);

	if (has == 0)
		return why_say(why, -ENOSPC,
			       wish == PLAN_ANY_NODE
				       ? "the reserve has no free CPU; `islectl status` shows "
					 "it, `islectl reserve` adds to it"
				       : "the reserve has no free CPU of node %u; `islectl status` "
					 "shows it, `islectl reserve` adds to it",
			       wish);
	if (want == 0) {
		take_all(c, node);
		return 0;
	}
	return take_some(c, node, want) ? too_many(c, want, has, wish, why) : 0;
}

static int missing_cpu(const struct choice *c, uint32_t cpu, struct why *why)
{
	if (cpuset_has(&c->m->used, cpu))
		return why_say(
			why, -ENOSPC,
			"CPU %u belongs to another isle; `islectl status` shows which are free",
			cpu);
	if (!c->reserve)
		return why_say(why, -EINVAL,
			       "CPU %u is not in the reserve; `islectl status` shows what is", cpu);
	if (cpuset_has(&c->m->offline, cpu))
		return why_say(
			why, -EINVAL,
			"CPU %u is offline or reserved already; only online CPUs can leave Linux",
			cpu);
	return why_say(why, -EINVAL, "there is no CPU %u in this machine", cpu);
}

static int take_list(struct choice *c, const struct isle_cpuset *list, struct why *why)
{
	char text[CPUSET_TEXT];
	unsigned int i, k, has;

	for (i = 0; i < CPUSET_MAX; i++)
		if (cpuset_has(list, i) && !machine_cpu(c->m, i))
			return missing_cpu(c, i, why);
	for (i = 0; i < c->nr_cores; i++) {
		struct core *core = &c->core[i];
		struct isle_cpuset all = { { 0 } };
		uint32_t some = 0;

		for (k = 0, has = 0; k < core->nr; k++) {
			uint32_t cpu = c->m->cpu[core->first + k].cpu;

			cpuset_add(&all, cpu);
			if (cpuset_has(list, cpu))
				some = has++ ? some : cpu;
		}
		cpuset_print(&all, text, sizeof(text));
		if (has && c->reserve && cpuset_has(&all, 0))
			return why_say(why, -EINVAL, "CPU %u is %s, which Linux keeps", some,
				       some == 0 ? "the boot CPU"
						 : "a hardware thread of CPU 0's core");
		if (has && has < core->nr)
			return why_say(
				why, -EINVAL,
				"CPU %u is part of a core: CPUs %s are its hardware threads and go "
				"together",
				some, text);
		core->taken = has > 0;
	}
	return 0;
}

/* A bare number is how many; anything else with digits is a list. 0 if it is no number. */
static unsigned int ask_number(const char *text)
{
	const char *p = text;

	while (isdigit((unsigned char)*p))
		p++;
	return *p || p == text || p - text > 6 ? 0 : (unsigned int)strtoul(text, NULL, 10);
}

static int take_asked(struct choice *c, const struct plan_ask *ask, struct why *why)
{
	const char *cpus = ask->cpus ? ask->cpus : "auto";
	unsigned int want = ask_number(cpus);
	struct isle_cpuset list;
	int err;

	if (c->reserve ? !strcmp(cpus, "auto") || !strcmp(cpus, "all") : !strcmp(cpus, "all")) {
		if (choice_free(c, ask->node) == 0)
			return why_say(
				why, -ENOSPC,
				c->reserve
					? "no core can leave Linux: it keeps CPU 0's core, and "
					  "every other one is offline or reserved already"
					: "the reserve has no free CPU; `islectl reserve` adds to "
					  "it");
		take_all(c, ask->node);
		return 0;
	}
	if (!c->reserve && !strcmp(cpus, "auto"))
		return take_isle(c, 0, ask->node, why);
	if (want)
		return c->reserve ? take_reserve(c, want, why) : take_isle(c, want, ask->node, why);
	if (strspn(cpus, "0") == strlen(cpus) && *cpus)
		return why_say(
			why, -EINVAL,
			"0 CPUs were asked for; a bare number is how many, CPU 0 itself stays with "
			"Linux");
	err = cpuset_parse(cpus, &list, why);
	if (err)
		return isalpha((unsigned char)*cpus)
			       ? why_say(why, err,
					 "'%.80s' is neither a number of CPUs, nor a list like "
					 "2-5,8, nor the word auto%s",
					 cpus, c->reserve ? "" : " or all")
			       : err;
	if (c->reserve && ask->keep > 1)
		return why_say(
			why, -EINVAL,
			"--keep goes with a number of CPUs or auto; the list %.80s says already "
			"what Linux keeps",
			cpus);
	return take_list(c, &list, why);
}

static void plan_take(struct plan *plan, const struct choice *c)
{
	struct isle_cpuset nodes = { { 0 } };
	unsigned int i, k;

	for (i = 0; i < c->nr_cores; i++) {
		if (!c->core[i].taken)
			continue;
		plan->nr_cores++;
		cpuset_add(&nodes, c->core[i].node);
		for (k = 0; k < c->core[i].nr; k++)
			cpuset_add(&plan->cpus, c->m->cpu[c->core[i].first + k].cpu);
	}
	plan->nr_cpus = cpuset_count(&plan->cpus);
	plan->nr_nodes = cpuset_count(&nodes);
}

int plan_reserve(const struct machine *m, const struct plan_ask *ask, struct plan *plan,
		 struct why *why)
{
	struct choice c;
	int err;

	memset(plan, 0, sizeof(*plan));
	choice_init(&c, m, true);
	choice_keep(&c, ask->keep ? ask->keep : 1);
	if (ask->cpus) {
		err = take_asked(&c, ask, why);
		if (err)
			return err;
		plan_take(plan, &c);
	}
	return plan_mem_fill(m, ask->mem, &plan_mem_of_linux, plan, why);
}

int plan_isle(const struct machine *m, const struct plan_ask *ask, struct plan *plan,
	      struct why *why)
{
	struct plan_ask one = *ask;
	struct choice c;
	int err;

	memset(plan, 0, sizeof(*plan));
	choice_init(&c, m, false);
	/* Memory of one named node draws the cores there, if it has any. */
	if (one.node == PLAN_ANY_NODE && one.mem) {
		one.node = plan_mem_node(one.mem);
		if (one.node != PLAN_ANY_NODE && choice_free(&c, one.node) == 0)
			one.node = PLAN_ANY_NODE;
	}
	if (one.cpus && !strcmp(one.cpus, "all"))
		one.node = ask->node;
	err = take_asked(&c, &one, why);
	if (err)
		return err;
	plan_take(plan, &c);
	return plan_mem_fill(m, ask->mem, &plan_mem_of_reserve, plan, why);
}
