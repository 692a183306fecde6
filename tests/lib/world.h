/* SPDX-License-Identifier: MIT */
/*
 * world.h - the machine around the module, and the proof that a test left it as it was.
 *
 * A program that passes isle_hooks to check_main() starts with a snapshot of the machine: online
 * and present CPUs, free memory of each node, what the device says, the end of the kernel's log.
 * After each test no isle may exist and all of the reserve must be free. At the end the reserve is
 * released, and the machine must be as in the snapshot.
 */
#ifndef TESTS_LIB_WORLD_H
#define TESTS_LIB_WORLD_H

#include "check.h"

#include <isle/ioctl.h>

#include <stdint.h>
#include <sys/types.h>

/*
 * How much less memory may be free afterwards, where free is what MemFree counts and the pages on the
 * lists of each CPU, which alone move MemFree by 20 MiB when CPUs go off and on. Eight times three
 * CPUs off and on, without the module, took 1.3 MiB of the sum, most of it slab that stays. The
 * smallest thing the module takes is a granule of 2 MiB; one lost in each of a few rounds shows.
 */
#define WORLD_TOLERANCE  (4ull << 20)

struct world {
	char online[128], present[128];
	uint64_t free[2];                  /* bytes of each node */
	struct isle_info info;
};

extern const struct check_hooks isle_hooks;

/*
 * CPUs for isles: as many as fit the machine, Linux keeps CPU 0 at least. Empty lists if it is too
 * small.
 */
struct places {
	char span[64];    /* three CPUs of two nodes */
	char near[32];    /* one of node 0, part of span */
	char far[32];    /* two of node 1, part of span */
	char far0[32], far1[32];/* each of them */
};
const struct places *places(void);

/*
 * Reserves the span and memory for several isles on each node, if there is no reserve yet. Ends the
 * test if not.
 */
#define RESERVE_MIB  192u
void need_reserve(void);
/* Skips the test if there is no image to load. */
void need_image(void);

void world_look(struct world *w);
/* Expects the machine as it was. Waits for Linux to settle, SOON_MS at most. */
void world_expect(const struct world *before);

int node_has(unsigned int node, const struct isle_cpuset *set);
int node_of_cpu(unsigned int cpu);
/* Free memory of a node, lists of each CPU included. */
uint64_t node_free(unsigned int node);
/* Reads a small file, without the newline; "" if that fails. */
const char *file_text(const char *path, char *buf, size_t size);
int file_write(const char *path, const char *text);

/* A child that must not outlive the test; kill_children() sees to that. */
pid_t child_fork(void);
void kill_children(void);
/* Waits for it: its wait status, or -1 if it took longer. */
int child_wait(pid_t pid, unsigned int ms);

/* New lines of the kernel's log that complain; printed and counted. */
unsigned int kernel_complaints(void);

#endif
