/* SPDX-License-Identifier: MIT */
/*
 * sched.h - which thread a core runs.
 *
 * One queue a core, by priority, and then first in first out. A core with one runnable thread has no
 * timer; with more, each runs for a slice. A thread stays on its core until its affinity changes.
 */
#ifndef KERN_SCHED_H
#define KERN_SCHED_H

#include <stdbool.h>
#include <stdint.h>

#include <kern/cpuset.h>

struct thread;

#define SCHED_SLICE_US  4000u

/* Policies, as Linux numbers them. The first two have priorities from 1 to 99, the others 0. */
#define SCHED_FIFO   1u   /* no slices among those of its priority */
#define SCHED_RR     2u
#define SCHED_OTHER  0u
#define SCHED_BATCH  3u
#define SCHED_IDLE   5u

/* Makes this core ready to run threads. Interrupts are off. */
void sched_init_cpu(void);
/* Runs threads on this core for ever; sleeps when there are none. Its own stack is the idle stack. */
__attribute__((noreturn)) void sched_loop(void);

/* Gives the core to the next runnable thread that is not below this one. True if there was one. */
bool sched_yield_to_next(void);
/* The current thread has ended: switches away from it. */
void sched_switch(void);
/* Gives a thread that lives nowhere a core, makes it runnable, and wakes that core if it sleeps. */
void sched_enqueue(struct thread *thread, uint32_t row);
/* The least loaded core of the set that is up; ISLE_MAX_CPUS if the set has none. */
uint32_t sched_place(const struct cpuset *allowed);
/*
 * At the end of a slice: if other threads wait here and an allowed core has none, the current thread goes there. True
 * if it did, and runs there.
 */
bool sched_spread(const struct cpuset *allowed);
/* Moves the current thread to an allowed core; when it returns, it runs there. */
void sched_migrate_current(const struct cpuset *allowed);
/* Sets policy and priority, which suit each other. The thread is held by its process's lock. */
void sched_priority_set(struct thread *thread, uint32_t policy, uint32_t priority);
/* Interrupts these cores, so that what they run notices new work. */
void sched_kick(const struct cpuset *rows);
/* The rescheduling interrupt: company has come. */
void sched_notice(void);
/* The slice is over. */
void sched_tick(void);

#endif
