// SPDX-License-Identifier: MIT
/*
 * timer.c - what shall happen at a time on a core, and the scheduler's slice: one hardware timer
 * for both.
 *
 * A core's timers lie in a list, soonest first. The hardware is set to the first deadline only, and
 * is off while there is none. Expiry runs without the lock, so that it may take others; `expiring`
 * lets who cancels wait for it.
 */
#include <kern/timer.h>

#include <stddef.h>

#include <arch/cpu.h>
#include <arch/timer.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/cpu_timer.h>
#include <kern/ipi.h>
#include <kern/lock.h>
#include <kern/sched.h>
#include <kern/thread.h>
#include <kern/time.h>

#define NEVER  (~0ull)
/* Where ring 0 is emulated: about three times what a signal, its handler and the return from it take. */
#define PERIOD_EMULATED_NS  10000000u

struct timers {
	struct spinlock lock;      /* guards list and expiring */
	struct list list;
	struct timer *expiring;
	bool ready;                /* list is initialized */

	/* The core's own. */
	uint64_t slice_ns;         /* end of the slice; 0: none */
	uint64_t cpu_ns;           /* when processor time is to be looked at; 0: never */
	uint64_t set_ns;           /* what the hardware is set to; 0: off */
} __attribute__((aligned(64)));

static struct timers timers_by_row[ISLE_MAX_CPUS];

static struct timers *timers_mine(void)
{
	struct timers *mine = &timers_by_row[this_cpu()->row];

	if (!mine->ready) {
		list_init(&mine->list);
		mine->ready = true;
	}
	return mine;
}

static uint64_t first_deadline(struct timers *mine)
{
	uint64_t first = NEVER;

	spin_lock(&mine->lock);
	if (!list_empty(&mine->list))
		first = list_entry(mine->list.next, struct timer, link)->at_ns;
	spin_unlock(&mine->lock);
	if (mine->cpu_ns && mine->cpu_ns < first)
		first = mine->cpu_ns;
	return mine->slice_ns && mine->slice_ns < first ? mine->slice_ns : first;
}

/* Brings the hardware into line with what is wanted. */
static void hardware_update(struct timers *mine)
{
	uint64_t first = first_deadline(mine), now;

	if (first == NEVER) {
		if (mine->set_ns)
			timer_stop();
		mine->set_ns = 0;
		return;
	}
	/* Set to an earlier moment, it is set anew when that has come: slices begin and end all the time. */
	if (mine->set_ns && mine->set_ns <= first)
		return;
	now = time_ns();
	mine->set_ns = first;
	/* Rounded up: an interrupt that comes early would only come again. */
	timer_start_us(first > now ? (first - now) / 1000 + 1 : 1);
}

void timer_slice_start(uint64_t us)
{
	struct timers *mine = timers_mine();

	mine->slice_ns = time_ns() + us * 1000;
	hardware_update(mine);
}

void timer_slice_stop(void)
{
	struct timers *mine = timers_mine();

	/* The hardware is left alone: one interrupt too many costs less than two writes a switch. */
	mine->slice_ns = 0;
}

void timer_cpu_set(uint64_t at_ns)
{
	struct timers *mine = timers_mine();

	mine->cpu_ns = at_ns;
	hardware_update(mine);
}

void timer_start(struct timer *timer, uint64_t at_ns, void (*expire)(struct timer *timer), void *arg)
{
	struct timers *mine = timers_mine();
	struct list *at;

	timer->at_ns = at_ns;
	timer->expire = expire;
	timer->arg = arg;
	timer->row = this_cpu()->row;
	spin_lock(&mine->lock);
	list_for_each(at, &mine->list)
		if (list_entry(at, struct timer, link)->at_ns > at_ns)
			break;
	list_insert(at, &timer->link);
	timer->active = true;
	spin_unlock(&mine->lock);
	hardware_update(mine);
}

static void thread_wake_expire(struct timer *timer)
{
	thread_wake(timer->arg);
}

void timer_wake_at(struct timer *timer, struct thread *thread, uint64_t at_ns)
{
	timer_start(timer, at_ns, thread_wake_expire, thread);
}

void timer_cancel(struct timer *timer)
{
	struct timers *owner = &timers_by_row[timer->row];

	spin_lock(&owner->lock);
	while (owner->expiring == timer && timer->row != this_cpu()->row) {
		spin_unlock(&owner->lock);
		ipi_poll();
		cpu_relax();
		spin_lock(&owner->lock);
	}
	if (timer->active)
		list_remove(&timer->link);
	timer->active = false;
	spin_unlock(&owner->lock);
}

uint64_t timer_period_least(void)
{
	return boot->flags & ISLE_BOOT_F_SOFT_SYSCALL ? PERIOD_EMULATED_NS : 0;
}

/* Takes the first timer that is due. */
static struct timer *due_take(struct timers *mine)
{
	struct timer *timer = NULL;

	spin_lock(&mine->lock);
	mine->expiring = NULL;
	if (!list_empty(&mine->list))
		timer = list_entry(mine->list.next, struct timer, link);
	if (timer && timer->at_ns <= time_ns()) {
		list_remove(&timer->link);
		timer->active = false;
		mine->expiring = timer;
	} else {
		timer = NULL;
	}
	spin_unlock(&mine->lock);
	return timer;
}

void timer_interrupt(void)
{
	struct timers *mine = timers_mine();
	struct timer *timer;

	mine->set_ns = 0;
	while ((timer = due_take(mine)) != NULL)
		timer->expire(timer);
	if (mine->slice_ns && mine->slice_ns <= time_ns()) {
		mine->slice_ns = 0;
		sched_tick();
	}
	if (mine->cpu_ns && mine->cpu_ns <= time_ns()) {
		mine->cpu_ns = 0;
		cpu_timers_interrupt();
	}
	hardware_update(mine);
}
