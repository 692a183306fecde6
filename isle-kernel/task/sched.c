// SPDX-License-Identifier: MIT
/*
 * sched.c - run queues, one a core, and switching between threads.
 *
 * A core runs sched_loop() on its own stack when it has nothing else to do; threads switch to each
 * other directly. A thread changes core only by its own doing and only when it is off its old
 * stack: the context that follows it on the old core hands it over (struct runq.leaver). Time
 * slices exist only while a core has more than one runnable thread. A thread with a priority goes
 * before those with a lower one, or none, which is 0.
 *
 * Locks: a queue's lock guards its list, its load and the state of threads whose row it is.
 * Interrupts are off throughout.
 */
#include <kern/sched.h>

#include <arch/context.h>
#include <arch/cpu.h>
#include <arch/lapic.h>
#include <kern/calls.h>
#include <kern/cpu.h>
#include <kern/ipi.h>
#include <kern/kmalloc.h>
#include <kern/panic.h>
#include <kern/process.h>
#include <kern/thread.h>
#include <kern/timer.h>
#include <kern/usage.h>

#include "runq_priv.h"
#include "task_priv.h"

struct runq *runqs[ISLE_MAX_CPUS];

void sched_init_cpu(void)
{
	struct runq *q = kzalloc(sizeof(*q) + 64);

	kassert(q);
	q = (struct runq *)(((uintptr_t)q + 63) & ~(uintptr_t)63);
	list_init(&q->ready);
	runqs[this_cpu()->row] = this_cpu()->runq = q;
}

/* Takes the next thread. Lock held. */
static struct thread *next_take(struct runq *q)
{
	struct thread *thread;

	if (list_empty(&q->ready))
		return NULL;
	thread = list_entry(q->ready.next, struct thread, run_link);
	list_remove(&thread->run_link);
	return thread;
}

/* Puts a thread into a queue and says whether its core must be interrupted. Lock held. */
static bool ready_add(struct runq *q, struct thread *thread, uint32_t row)
{
	bool mine = row == this_cpu()->row, ring;

	thread->row = row;
	thread->state = THREAD_RUNNABLE;
	ready_insert(q, thread);
	q->load++;
	/* A core that runs one thread has no timer: it must be told that there is company, or who goes first. */
	ring = !mine && (q->asleep || q->load == 2 || thread->priority);
	q->asleep = false;
	if (mine)
		slice_update(q);
	return ring;
}

void row_ring(uint32_t row)
{
	lapic_send(cpu_by_row[row]->apic_id, ISLE_VECTOR_RESCHED);
	counter_inc(IPIS_OUT);
}

void sched_enqueue(struct thread *thread, uint32_t row)
{
	struct runq *q = runqs[thread->row];
	bool ring;

	/* Who wakes it meanwhile has locked the queue of the row that it was on, and looks at both row and state. */
	spin_lock(&q->lock);
	thread->row = row;
	spin_unlock(&q->lock);
	q = runqs[row];
	spin_lock(&q->lock);
	q->home++;
	ring = ready_add(q, thread, row);
	spin_unlock(&q->lock);
	if (ring)
		row_ring(row);
}

/* Finishes what the previous context on this core began. Runs on the next one's stack. */
static inline void switch_finish(void)
{
	struct runq *q = runq_mine();
	struct thread *leaver = q->leaver;

	q->leaver = NULL;
	if (!leaver)
		return;
	if (leaver->state == THREAD_DEAD)
		thread_free(leaver);
	else if (q->leaver_row != this_cpu()->row)
		sched_enqueue(leaver, q->leaver_row);
}

/* From the running context to next (NULL: the loop). Lock held; released before the switch. */
static inline __attribute__((always_inline)) void switch_to(struct runq *q, struct thread *next)
{
	struct thread *prev = q->running;
	uint64_t *save = prev ? &prev->saved_sp : &q->loop_sp, now;

	if (prev == next) {
		spin_unlock(&q->lock);
		return;
	}
	q->running = next;
	q->leaver = prev;
	this_cpu()->current = next;
	slice_update(q);
	spin_unlock(&q->lock);
	now = tsc_read();
	if (prev) {
		usage_clock_stop(&prev->run_clock, now);
		context_leave(prev);
	}
	if (next) {
		counter_inc(SWITCHES);
		usage_clock_start(&next->run_clock, now);
		context_enter(next);
		if (__atomic_load_n(&next->process->cpu_timers.nr, __ATOMIC_RELAXED))
			cpu_timers_enter(next);
	}
	context_switch(save, next ? next->saved_sp : q->loop_sp);
	switch_finish();
}

/* A new thread's first instructions in the kernel: it comes from switch_to on some core. */
void sched_first(void)
{
	switch_finish();
}

void sched_switch(void)
{
	struct runq *q = runq_mine();

	spin_lock(&q->lock);
	q->leaver_row = this_cpu()->row;
	q->home--;
	q->load--;
	switch_to(q, next_take(q));
}

static inline __attribute__((always_inline)) bool yield(void)
{
	struct runq *q = runq_mine();
	struct thread *next;

	/* Alone: nothing to do. A thread that is queued just now interrupts us. */
	if (__atomic_load_n(&q->load, __ATOMIC_RELAXED) < 2)
		return false;
	spin_lock(&q->lock);
	if (__builtin_expect(priorities_used, false)) {
		next = ranked_yield(q);
	} else {
		next = next_take(q);
		if (next)
			list_add_tail(&q->ready, &q->running->run_link);
	}
	if (!next) {
		spin_unlock(&q->lock);
		return false;
	}
	q->leaver_row = this_cpu()->row;
	switch_to(q, next);
	return true;
}

bool sched_yield_to_next(void)
{
	return yield();
}

/* A leaf; here, because a call less is a tenth of it. */
int64_t sys_sched_yield(uint64_t a0, uint64_t a1, uint64_t a2)
{
	(void)a0, (void)a1, (void)a2;
	yield();
	return 0;
}

void thread_block_prepare(void)
{
	struct runq *q = runq_mine();

	spin_lock(&q->lock);
	q->running->wake_pending = false;
	spin_unlock(&q->lock);
}

void thread_block(void)
{
	struct runq *q = runq_mine();
	struct thread *me = q->running;

	spin_lock(&q->lock);
	if (me->wake_pending) {
		me->wake_pending = false;
		spin_unlock(&q->lock);
		return;
	}
	me->state = THREAD_BLOCKED;
	me->switches_voluntary++;
	q->leaver_row = me->row;
	q->load--;
	switch_to(q, next_take(q));
}

void thread_wake(struct thread *thread)
{
	struct runq *q = runq_lock(thread);
	uint32_t row = thread->row;
	bool ring = false;

	if (thread->state == THREAD_BLOCKED)
		ring = ready_add(q, thread, row);
	else
		thread->wake_pending = true;
	spin_unlock(&q->lock);
	if (ring)
		row_ring(row);
}

/*
 * The least load; among equals the fewest threads at home, for those that are blocked now come back to where they are.
 */
uint32_t sched_place(const struct cpuset *allowed)
{
	uint32_t row, best = ISLE_MAX_CPUS;
	uint64_t least = ~0ull;

	cpuset_for_each(row, allowed) {
		const struct runq *q = runqs[row];
		uint64_t crowd;

		if (!q || !cpuset_has(&cpus_up, row))
			continue;
		crowd = __atomic_load_n(&q->crowd, __ATOMIC_RELAXED);
		if (crowd >= least)
			continue;
		best = row;
		least = crowd;
		if (!crowd)
			break;
	}
	return best;
}

/* The current thread goes on at another core. */
static void core_leave(struct runq *q, uint32_t target)
{
	spin_lock(&q->lock);
	q->leaver_row = target;
	q->home--;
	q->load--;
	switch_to(q, next_take(q));
}

void sched_migrate_current(const struct cpuset *allowed)
{
	uint32_t target;

	if (cpuset_has(allowed, this_cpu()->row))
		return;
	target = sched_place(allowed);
	kassert(target < ISLE_MAX_CPUS);
	core_leave(runq_mine(), target);
}

bool sched_spread(const struct cpuset *allowed)
{
	struct runq *q = runq_mine();
	uint32_t target;

	if (__atomic_load_n(&q->load, __ATOMIC_RELAXED) < 2)
		return false;
	target = sched_place(allowed);
	if (target == ISLE_MAX_CPUS || __atomic_load_n(&runqs[target]->load, __ATOMIC_RELAXED))
		return false;
	core_leave(q, target);
	return true;
}

void sched_tick(void)
{
	struct runq *q = runq_mine();

	q->slicing = false;
	if (q->running)
		__atomic_or_fetch(&q->running->work, THREAD_WORK_RESCHED, __ATOMIC_RELAXED);
}

/* Company has come, or a thread for a core that slept, or a timer of processor time. */
void sched_notice(void)
{
	struct runq *q = runq_mine();

	spin_lock(&q->lock);
	slice_update(q);
	spin_unlock(&q->lock);
	if (q->running && __atomic_load_n(&q->running->process->cpu_timers.nr, __ATOMIC_RELAXED))
		cpu_timers_enter(q->running);
}

void sched_kick(const struct cpuset *rows)
{
	uint32_t row;

	cpuset_for_each(row, rows)
		row_ring(row);
}

static void loop_sleep(struct runq *q)
{
	uint64_t start = tsc_read();

	counter_inc(IDLE_ENTRIES);
	spin_unlock(&q->lock);
	irq_wait();
	counter_add(IDLE_TSC, tsc_read() - start);
	ipi_poll();
}

void sched_loop(void)
{
	struct runq *q = runq_mine();

	for (;;) {
		struct thread *next;

		irq_disable();
		spin_lock(&q->lock);
		next = next_take(q);
		if (next) {
			switch_to(q, next);
			continue;
		}
		/*
		 * Set under the lock: who queues a thread from now on rings, and HLT does not miss
		 * the ring.
		 */
		q->asleep = true;
		loop_sleep(q);
	}
}
