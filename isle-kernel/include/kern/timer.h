/* SPDX-License-Identifier: MIT */
/*
 * timer.h - things to happen at a time.
 *
 * A core's timers are its own; they are started on the core that owns them and expire there, in the
 * timer interrupt.
 */
#ifndef KERN_TIMER_H
#define KERN_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include <kern/list.h>

struct thread;

struct timer {
	struct list link;           /* of the core's list, soonest first */
	uint64_t at_ns;             /* time_ns */
	void (*expire)(struct timer *timer);
	void *arg;
	uint32_t row;
	bool     active;
};

/* Calls expire once at that time, on this core, with interrupts off. */
void timer_start(struct timer *timer, uint64_t at_ns, void (*expire)(struct timer *timer), void *arg);
/* The same: wakes a thread. */
void timer_wake_at(struct timer *timer, struct thread *thread, uint64_t at_ns);
/* Returns when the timer will not expire any more (and is not expiring now). From any core. */
void timer_cancel(struct timer *timer);
/*
 * The scheduler's own deadline on this core: sched_tick() is called when it has come. Only for the
 * scheduler; takes no lock but the core's timer lock.
 */
void timer_slice_start(uint64_t us);
void timer_slice_stop(void);
/* This core's deadline for cpu_timers_interrupt(); 0: none. Only for time/cpu_timer.c. */
void timer_cpu_set(uint64_t at_ns);

/*
 * A period of a timer that signals does not begin sooner than so many nanoseconds after the signal before was taken;
 * those between count as passed. 0, but where ring 0 is emulated (ISLE_BOOT_F_SOFT_SYSCALL) a signal costs
 * milliseconds, and a program that gets one each would do nothing else.
 */
uint64_t timer_period_least(void);

/* Called by the timer interrupt. */
void timer_interrupt(void);

#endif
