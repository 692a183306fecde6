// SPDX-License-Identifier: MIT
/*
 * priority.c - who of a core's threads gives way to whom.
 *
 * Threads of one priority take turns by the slice, but for those of SCHED_FIFO, which run until they wait. A thread
 * above the running one gets the core when the running one is about to go back to the program.
 */
#include "runq_priv.h"

bool priorities_used;

/* Who runs next, as long as it is not below the running thread; NULL: nobody. Lock held. */
static struct thread *rival_of(const struct runq *q)
{
	struct thread *first = list_entry(q->ready.next, struct thread, run_link);

	return list_empty(&q->ready) || first->priority < q->running->priority ? NULL : first;
}

void ranked_insert(struct runq *q, struct thread *thread, bool displaced)
{
	uint32_t least = thread->priority + displaced;
	struct list *at = q->ready.prev;

	while (at != &q->ready && list_entry(at, struct thread, run_link)->priority < least)
		at = at->prev;
	list_insert(at->next, &thread->run_link);
}

struct thread *ranked_yield(struct runq *q)
{
	struct thread *next = rival_of(q);

	if (!next)
		return NULL;
	list_remove(&next->run_link);
	ranked_insert(q, q->running, next->priority > q->running->priority);
	return next;
}

void ranked_slice(struct runq *q)
{
	const struct thread *rival = q->running ? rival_of(q) : NULL;

	if (rival && rival->priority > q->running->priority)
		__atomic_or_fetch(&q->running->work, THREAD_WORK_RESCHED, __ATOMIC_RELAXED);
	slice_set(q, rival && q->running->sched_policy != SCHED_FIFO);
}

void ranked_inherit(struct thread *thread)
{
	const struct thread *maker = thread_current();

	if (!maker || maker->sched_reset)
		return;
	thread->sched_policy = maker->sched_policy;
	thread->priority = maker->priority;
}

void sched_priority_set(struct thread *thread, uint32_t policy, uint32_t priority)
{
	struct runq *q = runq_lock(thread);
	uint32_t row = thread->row;
	bool changed = thread->priority != priority || thread->sched_policy != policy, mine = q == runq_mine();

	thread->sched_policy = (uint8_t)policy;
	thread->priority = (uint8_t)priority;
	if (priority)
		__atomic_store_n(&priorities_used, true, __ATOMIC_RELAXED);
	if (changed && !list_empty(&thread->run_link)) {
		list_remove(&thread->run_link);
		ranked_insert(q, thread, false);
	}
	if (changed && mine)
		ranked_slice(q);
	spin_unlock(&q->lock);
	/* It may have to give way, or somebody to it. */
	if (changed && !mine)
		row_ring(row);
}
