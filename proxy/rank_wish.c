/* SPDX-License-Identifier: MIT */
/*
 * rank_wish.c - reads the words that plan.h reads for one isle, as a job means them.
 */
#include "rank_wish.h"

#include "cpuset.h"
#include "opt.h"
#include "plan.h"
#include "size.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MEM_MIN  (16ull << 20)  /* less than that is all isle kernel */

static int cpus_read(const char *text, struct place_ask *wish, struct why *why)
{
	if (!strcmp(text, "auto") || !strcmp(text, "all"))
		return 0;
	if (strspn(text, "0123456789") == strlen(text))
		return opt_number("a number of CPUs a rank (--cpus, HERMIT_CPUS)", text, 1, ISLE_MAX_CPUS,
				  &wish->cpus_per_rank, why);
	return cpuset_parse(text, &wish->cpus, why);
}

static int mem_read(const char *text, struct place_ask *wish, struct why *why)
{
	if (strpbrk(text, "@%,"))
		return why_say(why, -EINVAL,
			       "in a job --mem and HERMIT_MEM are a size for each rank, such as 2G, from the "
			       "nodes of its CPUs: not '%.80s'", text);
	return size_parse(text, strlen(text), &wish->mem_per_rank, why);
}

/* CPUs of a list in sysfs; false: no such file, or something else in it. */
static bool list_read(const char *path, struct isle_cpuset *set)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[4096];
	struct why why;
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[got > 0 ? got : 0] = 0;
	text[strcspn(text, "\n")] = 0;
	return *text && !cpuset_parse(text, set, &why);
}

/*
 * The nodes that the launcher bound this rank to, if it chose among several: those of the CPUs that it
 * left. 0: it did not choose.
 */
static uint64_t nodes_bound(void)
{
	struct isle_cpuset allowed = { { 0 } }, cpus;
	uint64_t mine = 0, all = 0;
	char path[96];
	unsigned int node;

	if (sched_getaffinity(0, sizeof(allowed), (cpu_set_t *)(void *)&allowed))
		return 0;
	for (node = 0; node < ISLE_MAX_NODES; node++) {
		snprintf(path, sizeof(path), "/sys/devices/system/node/node%u/cpulist", node);
		if (!list_read(path, &cpus))
			continue;
		all |= 1ull << node;
		if (cpuset_overlaps(&allowed, &cpus))
			mine |= 1ull << node;
	}
	return mine == all ? 0 : mine;
}

int rank_wish_read(const struct config *config, const struct job *job, struct rank_wish *wish, struct why *why)
{
	struct place_ask *ask = &wish->ask;
	int err = 0;

	memset(wish, 0, sizeof(*wish));
	ask->cpus_per_rank = job->cpus_per_rank;
	ask->mem_min = MEM_MIN;
	if (config->cpus)
		err = cpus_read(config->cpus, ask, why);
	if (!err && config->mem)
		err = mem_read(config->mem, ask, why);
	if (cpuset_count(&ask->cpus))
		ask->cpus_per_rank = 0;
	if (config->node != PLAN_ANY_NODE)
		ask->nodes = 1ull << config->node;
	else if (!cpuset_count(&ask->cpus))
		wish->bound = nodes_bound();
	return err;
}

struct place_ask rank_wish_ask(const struct rank_wish *wish, const struct place_reserve *reserve)
{
	struct place_ask ask = wish->ask;
	uint64_t nodes = 0;
	uint32_t i;

	for (i = 0; i < reserve->nr_cpus; i++)
		if (reserve->cpu[i].node < ISLE_MAX_NODES)
			nodes |= 1ull << reserve->cpu[i].node;
	if (wish->bound & nodes)
		ask.nodes = wish->bound & nodes;
	return ask;
}
