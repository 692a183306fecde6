// SPDX-License-Identifier: MIT
/*
 * memfd_plan.c - CPUs and memory of an isle that shares this machine with Linux.
 *
 * The words mean what they mean for a reserve (plan.h), with what Linux lets this process use in its place, and
 * without the rule of whole cores: Linux runs on them anyway. A number greater than the CPUs there are makes CPUs
 * that take turns, which is good for trying things only.
 */
#include "memfd_isle.h"

#include "plan_mem.h"
#include "topo.h"

#include <ctype.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct plan_mem_rules rules_shared = { .place = "this machine", .percent = 50, .needed = true };

/* MemAvailable: what could be had without swapping; -1 if Linux does not say. */
static long long memory_available(void)
{
	char line[128];
	long long kib = -1;
	FILE *file = fopen("/proc/meminfo", "re");

	while (file && kib < 0 && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %lld kB", &kib) != 1)
			kib = -1;
	if (file)
		fclose(file);
	return kib < 0 ? -1 : kib * 1024;
}

/* Only CPUs that this process may run on; the page cache counts as free. */
static int machine_read(struct machine *m, struct why *why)
{
	unsigned int i, n = 0;
	long long available;
	cpu_set_t mine;
	bool real;
	int err;

	err = topo_read(m, &real, why);
	if (err || !real)
		return err;
	available = memory_available();
	if (m->nr_nodes == 1 && available > 0)
		m->node[0].free = (uint64_t)available < m->node[0].size ? (uint64_t)available : m->node[0].size;
	if (sched_getaffinity(0, sizeof(mine), &mine))
		return 0;
	for (i = 0; i < m->nr_cpus; i++)
		if (m->cpu[i].cpu < CPU_SETSIZE && CPU_ISSET(m->cpu[i].cpu, &mine))
			m->cpu[n++] = m->cpu[i];
	m->nr_cpus = n;
	return n ? 0 : why_say(why, -ENODEV, "this process may run on no CPU that hwloc knows");
}

/* Most CPUs, of equal ones the lowest. */
static uint32_t node_best(const struct machine *m)
{
	unsigned int i, most = 0;
	uint32_t best = m->cpu[0].node;

	for (i = 0; i < m->nr_nodes; i++) {
		unsigned int has = machine_node_cpus(m, m->node[i].node);

		if (has > most) {
			most = has;
			best = m->node[i].node;
		}
	}
	return best;
}

/* The last want CPUs of a node (PLAN_ANY_NODE: of all): CPU 0 is where Linux does most. */
static void take_number(const struct machine *m, unsigned int want, uint32_t node, struct plan *plan)
{
	unsigned int i;

	for (i = m->nr_cpus; i-- > 0 && want;) {
		if (node != PLAN_ANY_NODE && m->cpu[i].node != node)
			continue;
		cpuset_add(&plan->cpus, m->cpu[i].cpu);
		want--;
	}
}

static int take_list(const struct machine *m, const char *text, struct plan *plan, struct why *why)
{
	unsigned int i;
	int err = cpuset_parse(text, &plan->cpus, why);

	if (err)
		return isalpha((unsigned char)*text)
			       ? why_say(why, err, "'%.80s' is neither a number of CPUs, nor a list like 2-5,8, nor "
					 "the word auto or all", text)
			       : err;
	for (i = 0; i < CPUSET_MAX; i++)
		if (cpuset_has(&plan->cpus, i) && !machine_cpu(m, i))
			return why_say(why, -EINVAL, "CPU %u is not one that this process may use", i);
	if (cpuset_count(&plan->cpus) > ISLE_MAX_CPUS)
		return why_say(why, -EINVAL, "the list has %u CPUs; an isle has at most %d",
			       cpuset_count(&plan->cpus), ISLE_MAX_CPUS);
	return 0;
}

static int take_cpus(const struct machine *m, const struct plan_ask *ask, struct plan *plan, struct why *why)
{
	const char *text = ask->cpus ? ask->cpus : "auto";
	uint32_t node = ask->node != PLAN_ANY_NODE ? ask->node : node_best(m);
	unsigned int has = machine_node_cpus(m, node), want;

	/* No more than an isle may have: what nobody counted is cut, what somebody did is refused. */
	if (!strcmp(text, "all")) {
		take_number(m, ISLE_MAX_CPUS, ask->node, plan);
		return 0;
	}
	if (!has)
		return why_say(why, -EINVAL, "this process may use no CPU of node %u", node);
	if (!strcmp(text, "auto")) {
		take_number(m, ISLE_MAX_CPUS, node, plan);
		return 0;
	}
	if (text[strspn(text, "0123456789")])
		return take_list(m, text, plan, why);
	want = strlen(text) > 6 ? 1000000 : (unsigned int)strtoul(text, NULL, 10);
	if (!want)
		return why_say(why, -EINVAL, "0 CPUs were asked for; a bare number is how many");
	if (want > ISLE_MAX_CPUS)
		return why_say(why, -EINVAL, "%u CPUs were asked for; an isle has at most %d", want, ISLE_MAX_CPUS);
	take_number(m, want, want <= has || ask->node != PLAN_ANY_NODE ? node : PLAN_ANY_NODE, plan);
	plan->nr_cpus = want;
	return 0;
}

static void plan_count(const struct machine *m, struct plan *plan)
{
	struct isle_cpuset nodes = { { 0 } };
	unsigned int i;

	for (i = 0; i < m->nr_cpus; i++) {
		if (!cpuset_has(&plan->cpus, m->cpu[i].cpu))
			continue;
		cpuset_add(&nodes, m->cpu[i].node);
		/* The table ascends by core. */
		plan->nr_cores += i == 0 || m->cpu[i - 1].core != m->cpu[i].core;
	}
	plan->nr_nodes = cpuset_count(&nodes);
	if (!plan->nr_cpus)
		plan->nr_cpus = cpuset_count(&plan->cpus);
}

int memfd_plan(struct isle *isle, const struct config *config)
{
	const struct plan_ask ask = { .cpus = config->cpus, .mem = config->mem, .node = config->node };
	struct plan *plan = &isle->plan;
	struct machine *m = malloc(sizeof(*m));
	int err;

	if (!m)
		return why_say(&isle->why, -ENOMEM, "out of memory");
	memset(plan, 0, sizeof(*plan));
	err = machine_read(m, &isle->why);
	if (!err)
		err = take_cpus(m, &ask, plan, &isle->why);
	if (!err) {
		plan_count(m, plan);
		err = plan_mem_fill(m, ask.mem, &rules_shared, plan, &isle->why);
	}
	free(m);
	return err;
}
