/* SPDX-License-Identifier: MIT */
/*
 * futex.h - words of the program that threads wait for.
 */
#ifndef KERN_FUTEX_H
#define KERN_FUTEX_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/types.h>

struct thread;

/*
 * In all of them `shared` says that the word may lie in memory that is mapped elsewhere too. Words that Linux
 * processes may wait for too are not their business: sys_futex.c.
 */
/* Waits while the word is expected; deadline by time_ns. 0, -EAGAIN, -ETIMEDOUT, -EINTR, -EFAULT. */
int64_t futex_wait(isle_uva_t addr, bool shared, uint32_t expected, uint64_t deadline, uint32_t bits);
/* Wakes some waiters of from and lets others wait at to. expected: what from must hold, or NULL. */
int64_t futex_requeue(isle_uva_t from, isle_uva_t to, bool shared, uint32_t nr_wake, uint32_t nr_move,
		      const uint32_t *expected);
int64_t futex_wake_op(isle_uva_t addr, isle_uva_t addr2, bool shared, uint32_t n, uint32_t n2, uint32_t op);

/* FUTEX_WAKE of a private futex, as entry code calls it: a leaf. */
int64_t futex_wake_leaf(uint64_t addr, uint64_t op, uint64_t n);
/* Wakes up to n threads that wait at addr with one of these bits; how many, or -errno. */
int64_t futex_wake(isle_uva_t addr, bool shared, uint32_t n, uint32_t bits);

struct futex_wanted {
	isle_uva_t addr;
	uint32_t value;
	bool     shared;
};

/* Waits for any of nr words. The number of one that was woken, or as futex_wait; -ENOMEM. */
int64_t futex_wait_many(const struct futex_wanted *wanted, uint32_t nr, uint64_t deadline);

/*
 * Locks (futex(2), "Priority-inheritance futexes"): the word holds its owner's thread id. All threads have one
 * priority here; the longest waiting one is next.
 */
/* 0; -EDEADLK the caller has it; -ESRCH its owner is gone; -EAGAIN (try only); -ETIMEDOUT, -EINTR, -EFAULT. */
int64_t futex_lock(isle_uva_t addr, bool shared, bool try, uint64_t deadline);
/* Gives it to the next. 0, -EPERM it is another's, -EFAULT. */
int64_t futex_unlock(isle_uva_t addr, bool shared);
/*
 * Waits at addr while it is expected, to be moved to the lock at lock_addr. 0 when the caller has the lock;
 * -EAGAIN if it should look again.
 */
int64_t futex_wait_to_lock(isle_uva_t addr, bool shared, uint32_t expected, uint64_t deadline, isle_uva_t lock_addr);
/* Gives the lock at `to` to the first such waiter, or lets it and nr_move more wait there. How many it were. */
int64_t futex_requeue_lock(isle_uva_t from, isle_uva_t to, bool shared, uint32_t nr_move, uint32_t expected);
/* The thread with this id has ended: what it owns goes to who waits for it, marked as left by its owner. */
void futex_owner_gone(uint32_t tid);

/* Wakes n that wait for a word that Linux processes may wait for too, wherever they are. Forwards. */
void futex_wake_anywhere(isle_uva_t addr, uint32_t n);

/* The ending thread's robust futexes: marked as left by their owner, one waiter woken each. */
void futex_robust_release(struct thread *thread);

#endif
