/* SPDX-License-Identifier: MIT */
/*
 * waitq.h - threads that wait for something, first come first served.
 */
#ifndef KERN_WAITQ_H
#define KERN_WAITQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <kern/list.h>
#include <kern/lock.h>
#include <kern/thread.h>

struct waitq {
	struct spinlock lock;
	struct list waiting;     /* thread.wait_link */
};

#define WAITQ_INIT(name)  { SPINLOCK_INIT, LIST_INIT((name).waiting) }

#define WAIT_FOREVER  (~0ull)

void waitq_init(struct waitq *queue);

/*
 * Waits until waitq_wake, deadline (time_ns; WAIT_FOREVER: none) or, if interruptible, a signal.
 * The queue's lock is held on entry and not on return. 0, -ETIMEDOUT or -EINTR.
 */
int waitq_wait(struct waitq *queue, uint64_t deadline_ns, bool interruptible);
/* Why a waiter that nobody has woken should stop waiting: -EINTR, -ETIMEDOUT; 0 if it should not. */
int wait_over(const struct thread *me, uint64_t deadline_ns, bool interruptible);
/* Wakes up to n waiting threads; returns how many. Lock not held. */
uint32_t waitq_wake(struct waitq *queue, uint32_t n);

/* A lock that threads may hold while they block. Not for interrupt handlers. */
struct mutex {
	struct waitq queue;
	struct thread *owner;
};

void mutex_init(struct mutex *mutex);
/* Waits for a mutex that somebody has. The queue's lock is held on entry and not on return. */
void mutex_wait(struct mutex *mutex);

static inline void mutex_lock(struct mutex *mutex)
{
	spin_lock(&mutex->queue.lock);
	if (mutex->owner) {
		mutex_wait(mutex);
		return;
	}
	mutex->owner = thread_current();
	spin_unlock(&mutex->queue.lock);
}

static inline void mutex_unlock(struct mutex *mutex)
{
	bool waited;

	spin_lock(&mutex->queue.lock);
	mutex->owner = NULL;
	waited = !list_empty(&mutex->queue.waiting);
	spin_unlock(&mutex->queue.lock);
	if (waited)
		waitq_wake(&mutex->queue, 1);
}

#endif
