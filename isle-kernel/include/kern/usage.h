/* SPDX-License-Identifier: MIT */
/*
 * usage.h - processor time that threads have used.
 *
 * Time in the kernel is time in system calls with a full frame and in exceptions. Leaves (docs/syscalls.md)
 * and interrupts are too short to be told from the program: reading the clock twice would double them.
 */
#ifndef KERN_USAGE_H
#define KERN_USAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <arch/cpu.h>
#include <kern/cpu.h>
#include <kern/thread.h>

struct process;

/*
 * A clock that stands or runs, in one word, so that other cores read it whole: standing, the ticks it
 * shows; running, CLOCK_RUNS and the moment at which it showed 0.
 */
#define USAGE_RUNS  (1ull << 63)

static inline uint64_t usage_clock_read(uint64_t clock, uint64_t now)
{
	uint64_t start = clock & ~USAGE_RUNS;

	if (!(clock & USAGE_RUNS))
		return clock;
	/* Another core's TSC may be a little ahead of ours. */
	return now > start ? now - start : 0;
}

static inline void usage_clock_start(uint64_t *clock, uint64_t now)
{
	__atomic_store_n(clock, USAGE_RUNS | (now - *clock), __ATOMIC_RELAXED);
}

static inline void usage_clock_stop(uint64_t *clock, uint64_t now)
{
	__atomic_store_n(clock, now - (*clock & ~USAGE_RUNS), __ATOMIC_RELAXED);
}

/* The calling thread enters the kernel for the program, and leaves it again: counted for the core that it leaves on. */
static inline void usage_kernel_enter(struct thread *me)
{
	me->kernel_since = usage_clock_read(me->run_clock, tsc_read());
	usage_clock_start(&me->system_clock, me->kernel_since);
}

static inline void usage_kernel_leave(struct thread *me)
{
	uint64_t now = usage_clock_read(me->run_clock, tsc_read());

	usage_clock_stop(&me->system_clock, now);
	counter_add(KERNEL_TSC, now - me->kernel_since);
}

/* What has been used, in nanoseconds. */
struct usage {
	uint64_t total;      /* of a processor */
	uint64_t system;     /* of that in the kernel */
};

/* A thread's, up to now. */
struct usage usage_thread(const struct thread *thread);
/* All threads', ended ones included. _locked: the process's lock is held. */
struct usage usage_process(struct process *process);
struct usage usage_process_locked(const struct process *process);
/* Adds an ending thread's to what its process keeps; it leaves the list of threads with the same lock. */
void usage_thread_end(struct thread *thread);

/* Pages of 4 KiB that are present. */
uint64_t usage_resident(const struct process *process);

#endif
