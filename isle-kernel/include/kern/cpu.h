/* SPDX-License-Identifier: MIT */
/*
 * cpu.h - what the kernel knows of each of its cores.
 *
 * A core is named by its row of the boot page's CPU table. Row 0's block is static, the others' are
 * made by row 0 before they start. A core finds its own block by this_cpu() (arch).
 */
#ifndef KERN_CPU_H
#define KERN_CPU_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/boot.h>
#include <isle/counters.h>
#include <kern/cpuset.h>

#include <arch/percpu.h>

struct aspace;
struct runq;
struct thread;

/* A function that one core asks others to run; see ipi.h. */
struct cpu_call {
	void (*run)(void *arg);
	void *arg;
	bool counted;            /* the caller waits: */
	uint32_t remaining;      /* cores that have not finished; each takes itself off */
};

struct cpu {
	/* Constant once the core runs. */
	struct cpu *self;
	/* Used by entry code: arch/thread_layout.h. */
	struct thread *current;  /* what this core runs; NULL: nothing of the program's */
	uint64_t kernel_sp;      /* its kernel stack */
	uint64_t user_sp;        /* the program's stack pointer while entry code needs a place for it */

	uint32_t row;
	uint32_t node;
	uint32_t apic_id;
	struct isle_cpu *entry;  /* our row of the boot page's table */
	struct isle_counters *counters;

	/* The core's own. */
	struct aspace *aspace;   /* whose tables it uses */
	struct runq *runq;       /* task/sched.c */
	bool     up;             /* written once, read by others */
	struct cpu_call call;    /* what we asked others to run, while call.remaining */

	/* Rows that want us to run their call: set by them, taken by us. */
	struct cpuset callers __attribute__((aligned(64)));

	struct arch_cpu arch;
};

/* Blocks by row; NULL until made. */
extern struct cpu *cpu_by_row[ISLE_MAX_CPUS];

/*
 * Adds to a named counter of this core: one plain store, also right if an interrupt comes in
 * between.
 */
#define counter_add(name, n)  percpu_add(&this_cpu()->counters->named[ISLE_COUNTER_##name], (n))
#define counter_inc(name)     counter_add(name, 1)

#endif
