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
 * In all of them `shared` says that the word may lie in memory that is mapped elsewhere too.
 */
/* Waits while the word is expected; deadline by time_ns. 0, -EAGAIN, -ETIMEDOUT, -EINTR, -EFAULT. */
int64_t futex_wait(isle_uva_t addr, bool shared, uint32_t expected, uint64_t deadline, uint32_t bits);
/* Wakes some waiters of from and lets others wait at to. expected: what from must hold, or NULL. */
int64_t futex_requeue(isle_uva_t from, isle_uva_t to, bool shared, uint32_t nr_wake, uint32_t nr_move,
		      const uint32_t *expected);
int64_t futex_wake_op(isle_uva_t addr, isle_uva_t addr2, bool shared, uint32_t n, uint32_t n2, uint32_t op);

/* Wakes up to n threads that wait at addr with one of these bits; how many, or -errno. */
int64_t futex_wake(isle_uva_t addr, bool shared, uint32_t n, uint32_t bits);

/* The ending thread's robust futexes: marked as left by their owner, one waiter woken each. */
void futex_robust_release(struct thread *thread);

#endif
