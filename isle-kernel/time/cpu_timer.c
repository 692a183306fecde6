// SPDX-License-Identifier: MIT
/*
 * cpu_timer.c - timers of processor time.
 *
 * A core that begins to run a thread whose process has such timers sets its hardware to the first
 * moment at which one of them can be due: what is left of the thread's own, and of the process's by as
 * many cores as it runs on now. Then it looks again. So the last look comes at the right time, and the
 * number of looks before it grows with the logarithm only.
 */
#include <kern/cpu_timer.h>

#include <stddef.h>

#include <kern/cpu.h>
#include <kern/ipi.h>
#include <kern/process.h>
#include <kern/sched.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/timer.h>
#include <kern/usage.h>

/* Nearer moments are not worth an interrupt. */
#define LEAST_NS  20000u
#define NEVER     (~0ull)

/* Lock of the process held. */
static const struct thread *thread_of(const struct process *process, uint32_t tid)
{
	struct list *link;

	list_for_each(link, &process->threads) {
		const struct thread *thread = list_entry(link, struct thread, process_link);

		if (thread->tid == tid)
			return thread;
	}
	return NULL;
}

/* Lock held. */
static uint64_t now_locked(const struct process *process, const struct cpu_timer *timer)
{
	struct usage usage = { 0, 0 };

	if (!timer->tid)
		usage = usage_process_locked(process);
	else if (thread_of(process, timer->tid))
		usage = usage_thread(thread_of(process, timer->tid));
	return timer->user ? usage.total - usage.system : usage.total;
}

uint64_t cpu_timer_now(struct process *process, const struct cpu_timer *timer)
{
	uint64_t now;

	spin_lock(&process->lock);
	now = now_locked(process, timer);
	spin_unlock(&process->lock);
	return now;
}

static uint32_t running_nr(const struct process *process)
{
	struct list *link;
	uint32_t nr = 0;

	list_for_each(link, &process->threads)
		nr += list_entry(link, struct thread, process_link)->run_clock >> 63;
	return nr ? nr : 1;
}

/* How long this thread can run until one of the timers may be due. Lock held. */
static uint64_t left_of(const struct process *process, const struct thread *thread)
{
	uint64_t least = NEVER, left;
	struct list *link;

	list_for_each(link, &process->cpu_timers.list) {
		const struct cpu_timer *timer = list_entry(link, struct cpu_timer, link);

		if (timer->tid && timer->tid != thread->tid)
			continue;
		left = now_locked(process, timer);
		left = timer->at_ns > left ? timer->at_ns - left : 0;
		if (!timer->tid)
			left /= running_nr(process);
		least = left < least ? left : least;
	}
	return least < LEAST_NS ? LEAST_NS : least;
}

void cpu_timers_enter(struct thread *thread)
{
	struct process *process = thread->process;
	uint64_t left;

	spin_lock(&process->lock);
	left = left_of(process, thread);
	spin_unlock(&process->lock);
	timer_cpu_set(left == NEVER ? 0 : time_ns() + left);
}

/* Lock held. */
static void remove(struct process *process, struct cpu_timer *timer)
{
	list_remove(&timer->link);
	timer->active = false;
	__atomic_store_n(&process->cpu_timers.nr, process->cpu_timers.nr - 1, __ATOMIC_RELAXED);
}

void cpu_timer_start(struct process *process, struct cpu_timer *timer, uint64_t at_ns)
{
	struct cpuset rows = { { 0 } };
	struct thread *me = thread_current();
	struct list *link;

	spin_lock(&process->lock);
	timer->at_ns = at_ns;
	if (!timer->active && (!timer->tid || thread_of(process, timer->tid))) {
		timer->active = true;
		list_add_tail(&process->cpu_timers.list, &timer->link);
		__atomic_store_n(&process->cpu_timers.nr, process->cpu_timers.nr + 1, __ATOMIC_RELAXED);
	}
	list_for_each(link, &process->threads) {
		const struct thread *thread = list_entry(link, struct thread, process_link);

		if (thread != me && (!timer->tid || timer->tid == thread->tid) && thread->run_clock & USAGE_RUNS)
			cpuset_add(&rows, thread->row);
	}
	spin_unlock(&process->lock);
	if (me && me->process == process)
		cpu_timers_enter(me);
	sched_kick(&rows);
}

void cpu_timer_cancel(struct process *process, struct cpu_timer *timer)
{
	spin_lock(&process->lock);
	while (timer->expiring && timer->expiring != this_cpu()->row + 1) {
		spin_unlock(&process->lock);
		ipi_poll();
		cpu_relax();
		spin_lock(&process->lock);
	}
	if (timer->active)
		remove(process, timer);
	spin_unlock(&process->lock);
}

void cpu_timers_leave(struct thread *thread)
{
	struct process *process = thread->process;
	struct list *link, *after;

	if (!__atomic_load_n(&process->cpu_timers.nr, __ATOMIC_RELAXED))
		return;
	spin_lock(&process->lock);
	list_for_each_safe(link, after, &process->cpu_timers.list) {
		struct cpu_timer *timer = list_entry(link, struct cpu_timer, link);

		if (timer->tid == thread->tid)
			remove(process, timer);
	}
	spin_unlock(&process->lock);
}

/* Takes one timer that is due. */
static struct cpu_timer *due_take(struct process *process)
{
	struct cpu_timer *due = NULL;
	struct list *link;

	spin_lock(&process->lock);
	list_for_each(link, &process->cpu_timers.list) {
		struct cpu_timer *timer = list_entry(link, struct cpu_timer, link);

		if (timer->at_ns <= now_locked(process, timer)) {
			remove(process, timer);
			timer->expiring = this_cpu()->row + 1;
			due = timer;
			break;
		}
	}
	spin_unlock(&process->lock);
	return due;
}

void cpu_timers_interrupt(void)
{
	struct thread *me = thread_current();
	struct cpu_timer *timer;

	if (!me || !me->process->cpu_timers.nr)
		return;
	while ((timer = due_take(me->process)) != NULL) {
		timer->expire(timer);
		spin_lock(&me->process->lock);
		timer->expiring = 0;
		spin_unlock(&me->process->lock);
	}
	if (me->process->cpu_timers.nr)
		cpu_timers_enter(me);
}
