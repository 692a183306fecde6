/* SPDX-License-Identifier: MIT */
/*
 * dev_tables.c - the commands that fill tables: ask how much there is, make room, ask again until
 * it fits.
 *
 * What is listed can grow between two questions, so each is a loop; it is bounded, because a table
 * that outgrows its room this often is not worth waiting for.
 */
#include "dev.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TRIES	   8
#define FIRST_ROOM 16u

static int no_memory(struct dev *dev)
{
	return why_say(&dev->why, -ENOMEM, "out of memory");
}

static int too_lively(struct dev *dev)
{
	return why_say(&dev->why, -EAGAIN,
		       "the module's tables kept growing while they were read; try again");
}

int dev_list(struct dev *dev, uint32_t **ids, uint32_t *nr)
{
	uint32_t room = FIRST_ROOM;
	struct isle_list list;
	int err, tries;

	for (tries = 0; tries < TRIES; tries++) {
		uint32_t *table = calloc(room, sizeof(*table));

		if (!table)
			return no_memory(dev);
		memset(&list, 0, sizeof(list));
		list.ids_ptr = (uintptr_t)table;
		list.nr = room;
		err = dev_call(dev, ISLE_IOC_LIST, &list, "listing isles");
		if (!err && list.nr <= room) {
			*ids = table;
			*nr = list.nr;
			return 0;
		}
		free(table);
		if (err)
			return err;
		room = list.nr + FIRST_ROOM;
	}
	return too_lively(dev);
}

int dev_counters(struct dev *dev, uint32_t isle, struct isle_counters **rows, uint32_t *nr)
{
	struct isle_counters_read read = { .isle_id = isle, .nr = ISLE_MAX_CPUS };
	struct isle_counters *table = calloc(ISLE_MAX_CPUS, sizeof(*table));
	int err;

	if (!table)
		return no_memory(dev);
	read.buf_ptr = (uintptr_t)table;
	err = dev_call(dev, ISLE_IOC_COUNTERS, &read, "reading an isle's counters");
	if (err) {
		free(table);
		return err;
	}
	*rows = table;
	*nr = read.nr < ISLE_MAX_CPUS ? read.nr : ISLE_MAX_CPUS;
	return 0;
}

int dev_reserved(struct dev *dev, struct isle_reserved_cpu **cpus, uint32_t *nr_cpus,
		 struct isle_reserved_extent **extents, uint32_t *nr_extents)
{
	struct isle_reserved ask = { .nr_cpus = FIRST_ROOM, .nr_extents = FIRST_ROOM };
	int err, tries;

	for (tries = 0; tries < TRIES; tries++) {
		uint32_t cpu_room = ask.nr_cpus, extent_room = ask.nr_extents;

		*cpus = calloc(cpu_room, sizeof(**cpus));
		*extents = calloc(extent_room, sizeof(**extents));
		ask.cpus_ptr = (uintptr_t)*cpus;
		ask.extents_ptr = (uintptr_t)*extents;
		err = *cpus && *extents
			      ? dev_call(dev, ISLE_IOC_RESERVED, &ask, "asking for the reserve")
			      : no_memory(dev);
		if (!err && ask.nr_cpus <= cpu_room && ask.nr_extents <= extent_room) {
			*nr_cpus = ask.nr_cpus;
			*nr_extents = ask.nr_extents;
			return 0;
		}
		free(*cpus);
		free(*extents);
		if (err)
			return err;
		ask.nr_cpus += FIRST_ROOM;
		ask.nr_extents += FIRST_ROOM;
	}
	return too_lively(dev);
}
