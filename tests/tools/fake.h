/* SPDX-License-Identifier: MIT */
/*
 * fake.h - machines to plan on, and a device that answers from tables.
 */
#ifndef TESTS_TOOLS_FAKE_H
#define TESTS_TOOLS_FAKE_H

#include "dev.h"
#include "machine.h"
#include "plan.h"

#include <isle/log.h>

#define GIB (1ull << 30)

/*
 * Makes a machine as Linux would number it: first threads of all cores first, node by node, then
 * the second threads. Each node has size bytes, all free; distances are 10 for node 0, 21 for the
 * others.
 */
void fake_machine(struct machine *m, unsigned int nodes, unsigned int cores, unsigned int smt,
		  uint64_t size);
/* Takes CPUs out of it, as if they were offline. */
void fake_offline(struct machine *m, const char *list);

/* A plan's memory as "node:MiB,...". Returns text. */
const char *fake_mem(const struct plan *plan, char *text, size_t size);

/*
 * What the fake device's log holds; dev_log() copies whole records from pos on, size bytes at most.
 */
struct fake_log {
	unsigned char bytes[4096];
	unsigned int size;
	uint64_t first; /* position of bytes[0] */
};
extern struct fake_log fake_log;
void fake_log_add(uint8_t origin, uint8_t level, uint16_t cpu, uint64_t time_ns, const char *text);

/* What dev_reserved() returns. */
extern struct isle_reserved_cpu fake_cpus[16];
extern struct isle_reserved_extent fake_extents[16];
extern unsigned int fake_nr_cpus, fake_nr_extents;

#endif
