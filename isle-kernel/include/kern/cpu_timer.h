/* SPDX-License-Identifier: MIT */
/*
 * cpu_timer.h - things to happen when a thread or the process has used so much processor time.
 *
 * A core is interrupted for them only while it runs a thread of a process that has one.
 */
#ifndef KERN_CPU_TIMER_H
#define KERN_CPU_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include <kern/list.h>

struct process;
struct thread;

struct cpu_timer {
	/* The caller's, constant while it is active. */
	uint32_t tid;               /* the thread whose time counts; 0: all of the process's */
	bool user;                  /* only time in the program itself counts */
	void (*expire)(struct cpu_timer *timer);

	/* The process's lock. */
	struct list link;
	uint64_t at_ns;             /* of that time */
	bool active;
	uint32_t expiring;          /* 1 + row of the core that calls expire */
};

/* In struct process, whose lock guards it. */
struct cpu_timers {
	struct list list;           /* active ones */
	uint32_t nr;                /* of them (read without the lock too) */
};

/* The time that such a timer goes by; 0 if its thread has ended. Not with the process's lock. */
uint64_t cpu_timer_now(struct process *process, const struct cpu_timer *timer);
/*
 * Calls expire once that time has come to at_ns, on some core, with interrupts off and without locks.
 * A timer of a thread that ends never expires. Not from a place that holds the process's lock.
 */
void cpu_timer_start(struct process *process, struct cpu_timer *timer, uint64_t at_ns);
/* Returns when the timer will not expire any more, and is not expiring now on another core. Without locks. */
void cpu_timer_cancel(struct process *process, struct cpu_timer *timer);

/* A core begins to run a thread of a process that has such timers. */
void cpu_timers_enter(struct thread *thread);
/* The thread ends. */
void cpu_timers_leave(struct thread *thread);
/* The moment for this core has come (timer_cpu_set). */
void cpu_timers_interrupt(void);

#endif
