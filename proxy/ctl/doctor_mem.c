/* SPDX-License-Identifier: MIT */
/*
 * doctor_mem.c - memory that could be taken: how much is free on each node, and how much of it in
 * large pieces.
 *
 * The module takes granules of 2 MiB. /proc/buddyinfo counts free blocks of 2^order pages by node
 * and zone; blocks of order 9 and above are such granules. More can be had, because the kernel
 * moves pages out of the way, but that is slower and not sure.
 */
#include "doctor.h"

#include "size.h"

#include <stdlib.h>
#include <string.h>

#define ORDERS	      24
#define GRANULE_ORDER 9

struct large {
	uint64_t bytes[ISLE_MAX_NODES]; /* free in granules, by row of the machine's nodes */
	bool known;
};

static void count_line(const struct doctor *d, const char *line, struct large *large)
{
	const struct machine_node *row;
	unsigned long blocks;
	unsigned int node, order;
	int at = 0, used;

	if (sscanf(line, "Node %u, zone %*s%n", &node, &at) != 1 || at == 0)
		return;
	row = machine_node(&d->machine, node);
	for (order = 0; row && order < ORDERS && sscanf(line + at, "%lu%n", &blocks, &used) == 1;
	     order++) {
		at += used;
		if (order >= GRANULE_ORDER)
			large->bytes[row - d->machine.node] += (uint64_t)blocks << (order + 12);
		large->known = true;
	}
}

static void check_node(struct doctor *d, const struct machine_node *node, uint64_t granules)
{
	static const char *const advice =
		"echo 1 > /proc/sys/vm/compact_memory, and if it is the page cache: echo 3 > "
		"/proc/sys/vm/drop_caches; best is to reserve soon after boot";
	char free_text[SIZE_TEXT], large_text[SIZE_TEXT], all[SIZE_TEXT];

	size_print(node->free, free_text);
	size_print(granules, large_text);
	size_print(node->size, all);
	if (granules == 0)
		doctor_say(d, DOCTOR_PROBLEM, "memory", advice,
			   "node %u has %s free of %s, but nothing of it in pieces of 2 MiB",
			   node->node, free_text, all);
	else if (granules < node->free / 4)
		doctor_say(d, DOCTOR_NOTE, "memory", advice,
			   "node %u has %s free of %s, but only %s of it in pieces of 2 MiB",
			   node->node, free_text, all, large_text);
	else
		doctor_say(d, DOCTOR_OK, "memory", "",
			   "node %u has %s free of %s, %s of it in pieces of 2 MiB", node->node,
			   free_text, all, large_text);
}

static bool clears_on_alloc(const struct doctor *d)
{
	char path[DOCTOR_PATH], line[256];
	bool on = false;
	FILE *file;

	if (doctor_booted_with(d, "init_on_alloc=0"))
		return false;
	if (doctor_booted_with(d, "init_on_alloc=1"))
		return true;
	snprintf(path, sizeof(path), "/boot/config-%s", d->release);
	file = doctor_open(d, "%s", path);
	while (file && !on && fgets(line, sizeof(line), file))
		on = !strncmp(line, "CONFIG_INIT_ON_ALLOC_DEFAULT_ON=y", 33);
	if (file)
		fclose(file);
	return on;
}

void doctor_memory(struct doctor *d)
{
	struct large large = { .known = false };
	char line[512], thp[64];
	FILE *file = doctor_open(d, "/proc/buddyinfo");
	unsigned int i;

	while (file && fgets(line, sizeof(line), file))
		count_line(d, line, &large);
	if (file)
		fclose(file);
	if (!large.known)
		doctor_say(d, DOCTOR_NOTE, "memory", "",
			   "/proc/buddyinfo cannot be read: contiguous memory was not checked");
	for (i = 0; large.known && i < d->machine.nr_nodes; i++)
		check_node(d, &d->machine.node[i], large.bytes[i]);
	if (d->machine.nr_nodes == 1)
		doctor_say(d, DOCTOR_NOTE, "memory", "",
			   "there is one NUMA node: isles share its memory bandwidth with Linux");
	if (clears_on_alloc(d))
		doctor_say(d, DOCTOR_NOTE, "memory",
			   "if reserving takes too long, boot with init_on_alloc=0",
			   "the kernel clears pages when they are allocated (init_on_alloc): "
			   "reserving memory takes longer");
	if (doctor_text(d, thp, sizeof(thp), "/sys/kernel/mm/transparent_hugepage/enabled"))
		doctor_say(d, DOCTOR_OK, "memory", "",
			   "transparent huge pages: %s; isles use large pages whatever it says",
			   thp);
}
