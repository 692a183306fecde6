// SPDX-License-Identifier: MIT
/*
 * waitq.c - wait queues, and the mutex that is made of one.
 *
 * A waiter links itself under the queue's lock and blocks; who wakes takes it off under the same
 * lock, so that a thread is on the queue exactly while nobody has decided to wake it for this
 * queue. Time-outs and signals wake without taking off; the waiter then takes itself off.
 */
#include <kern/waitq.h>

#include <kern/errno.h>
#include <kern/panic.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/timer.h>

void waitq_init(struct waitq *queue)
{
	queue->lock = (struct spinlock)SPINLOCK_INIT;
	list_init(&queue->waiting);
}

static bool interrupted(const struct thread *me)
{
	return __atomic_load_n(&me->work, __ATOMIC_RELAXED) & (THREAD_WORK_SIGNAL | THREAD_WORK_EXIT);
}

int wait_over(const struct thread *me, uint64_t deadline_ns, bool interruptible)
{
	if (interruptible && interrupted(me))
		return -EINTR;
	return deadline_ns != WAIT_FOREVER && time_ns() >= deadline_ns ? -ETIMEDOUT : 0;
}

int waitq_wait(struct waitq *queue, uint64_t deadline_ns, bool interruptible)
{
	struct thread *me = thread_current();
	struct timer timer;
	int over = 0;

	list_add_tail(&queue->waiting, &me->wait_link);
	if (deadline_ns != WAIT_FOREVER)
		timer_wake_at(&timer, me, deadline_ns);
	while (!list_empty(&me->wait_link)) {
		over = wait_over(me, deadline_ns, interruptible);
		if (over) {
			list_remove(&me->wait_link);
			break;
		}
		thread_block_prepare();
		spin_unlock(&queue->lock);
		/* A wake, time-out or signal that comes here is kept by wake_pending. */
		if (!wait_over(me, deadline_ns, interruptible))
			thread_block();
		spin_lock(&queue->lock);
	}
	spin_unlock(&queue->lock);
	if (deadline_ns != WAIT_FOREVER)
		timer_cancel(&timer);
	return over;
}

uint32_t waitq_wake(struct waitq *queue, uint32_t n)
{
	uint32_t woken = 0;

	spin_lock(&queue->lock);
	while (woken < n && !list_empty(&queue->waiting)) {
		struct thread *thread = list_entry(queue->waiting.next, struct thread, wait_link);

		list_remove(&thread->wait_link);
		thread_wake(thread);
		woken++;
	}
	spin_unlock(&queue->lock);
	return woken;
}

void mutex_init(struct mutex *mutex)
{
	waitq_init(&mutex->queue);
	mutex->owner = NULL;
}

void mutex_wait(struct mutex *mutex)
{
	struct thread *me = thread_current();

	kassert(!me || mutex->owner != me);
	while (mutex->owner) {
		waitq_wait(&mutex->queue, WAIT_FOREVER, false);
		spin_lock(&mutex->queue.lock);
	}
	mutex->owner = me;
	spin_unlock(&mutex->queue.lock);
}
