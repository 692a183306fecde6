/* SPDX-License-Identifier: MIT */
/*
 * runq_priv.h - the run queue of a core: sched.c switches between its threads, priority.c says in which order.
 */
#ifndef TASK_RUNQ_PRIV_H
#define TASK_RUNQ_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include <kern/cpu.h>
#include <kern/list.h>
#include <kern/lock.h>
#include <kern/sched.h>
#include <kern/thread.h>
#include <kern/timer.h>

struct runq {
	struct spinlock lock;
	struct list ready;          /* thread.run_link, first to run first: by priority */
	union {
		struct {
			uint32_t home;  /* threads that live here, blocked ones too */
			uint32_t load;  /* ready ones and the running one */
		};
		uint64_t crowd;         /* both, load first */
	};
	bool     asleep;            /* in HLT or about to: must be interrupted to notice a thread */

	/* The core's own. */
	struct thread *running;
	struct thread *leaver;      /* just switched away from; handled by who runs next */
	uint32_t leaver_row;        /* where it wants to go; our own row: nowhere */
	uint64_t loop_sp;           /* sched_loop's context */
	bool     slicing;           /* the timer runs */
} __attribute__((aligned(64)));

extern struct runq *runqs[ISLE_MAX_CPUS];

static inline struct runq *runq_mine(void)
{
	return this_cpu()->runq;
}

/* Some thread has, or had, a priority or SCHED_FIFO. Until then queues are first in, first out. */
extern bool priorities_used;

/* Behind those that are not below it; a thread that was displaced, before its equals. Lock held. */
void ranked_insert(struct runq *q, struct thread *thread, bool displaced);

/* The next thread if it is not below the running one, which is queued in its place; or NULL. Lock held. */
struct thread *ranked_yield(struct runq *q);

static inline void ready_insert(struct runq *q, struct thread *thread)
{
	if (__builtin_expect(priorities_used, false))
		ranked_insert(q, thread, false);
	else
		list_add_tail(&q->ready, &thread->run_link);
}

/* Locks the queue of the thread's row, which may change until then. */
static inline struct runq *runq_lock(const struct thread *thread)
{
	for (;;) {
		uint32_t row = __atomic_load_n(&thread->row, __ATOMIC_ACQUIRE);
		struct runq *q = runqs[row];

		spin_lock(&q->lock);
		if (thread->row == row)
			return q;
		spin_unlock(&q->lock);
	}
}

/* Interrupts a core, so that it looks at its queue. */
void row_ring(uint32_t row);

/* slice_update where there are priorities. */
void ranked_slice(struct runq *q);

static inline void slice_set(struct runq *q, bool wanted)
{
	if (wanted == q->slicing)
		return;
	q->slicing = wanted;
	if (wanted)
		timer_slice_start(SCHED_SLICE_US);
	else
		timer_slice_stop();
}

/*
 * After a change of the queue or of who runs. The timer runs while somebody waits for the core who is to have a
 * part of it; who is above the running thread gets the core at once. The core's own; lock held.
 */
static inline void slice_update(struct runq *q)
{
	if (__builtin_expect(priorities_used, false))
		ranked_slice(q);
	else
		slice_set(q, q->running && !list_empty(&q->ready));
}

/* A new thread has its maker's policy and priority, unless that one has RESET_ON_FORK. */
void ranked_inherit(struct thread *thread);

#endif
