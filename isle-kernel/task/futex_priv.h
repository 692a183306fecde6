/* SPDX-License-Identifier: MIT */
/*
 * futex_priv.h - waiters and buckets, shared by the files that implement futexes.
 *
 * A waiter lies on the stack of the thread that waits. While it is queued, its bucket's lock guards all of
 * it; who takes it off wakes the thread under the same lock, and the thread takes that lock once more before
 * it goes on: so neither waiter nor thread is gone while somebody still uses them.
 */
#ifndef FUTEX_PRIV_H
#define FUTEX_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/types.h>
#include <kern/list.h>
#include <kern/waitq.h>

struct thread;

enum futex_kind {
	FUTEX_PLAIN,       /* waits for a wake */
	FUTEX_PI,          /* waits to be given a lock */
	FUTEX_TO_PI,       /* waits to be moved to a lock (FUTEX_WAIT_REQUEUE_PI) */
};

struct futex_waiter {
	struct list link;
	struct waitq *bucket;    /* changes only under the locks of the old and the new one */
	struct thread *thread;
	uint64_t key;
	uint32_t bits;
	enum futex_kind kind;
	bool     queued;         /* also read without the lock, as a hint (atomic) */
	int      result;         /* why it was taken off: 0, or -errno */

	/* Locks: kinds FUTEX_PI and FUTEX_TO_PI. */
	isle_uva_t lock_addr;    /* the lock's word */
	uint64_t lock_key;
	uint32_t owner;          /* FUTEX_PI: the thread it waits for */
};

/* The key of a word; shared: the call did not say that it is private. */
uint64_t futex_key(isle_uva_t addr, bool shared);
struct waitq *futex_bucket(uint64_t key);
/* Bucket number i, or NULL behind the last. */
struct waitq *futex_bucket_at(uint32_t i);
void futex_pair_lock(struct waitq *a, struct waitq *b);
void futex_pair_unlock(struct waitq *a, struct waitq *b);

/* Puts the calling thread's waiter, whose key, kind and bits are set, into a bucket. Lock held. */
void futex_enqueue(struct futex_waiter *waiter, struct waitq *bucket);
/* The same for a word of the program, if it holds what is expected: 0; -EAGAIN it does not; -EFAULT, -EINVAL. */
int futex_enqueue_if(struct futex_waiter *waiter, isle_uva_t addr, bool shared, uint32_t expected);
/* Takes a waiter off and wakes its thread, which finds this result. Lock held. */
void futex_dequeue(struct futex_waiter *waiter, int result);
/* Lets it wait in another bucket, for another key. Both locks held. */
void futex_move(struct futex_waiter *waiter, struct waitq *bucket, uint64_t key);
/*
 * Blocks until one of the waiters is taken off, deadline or a signal. Takes all off. Returns the last one's number
 * that somebody else took off, or -ETIMEDOUT or -EINTR. Lock not held.
 */
int futex_block(struct futex_waiter *waiters, uint32_t nr, uint64_t deadline);

/*
 * Locks the bucket with the word's page present and its value read: 0, or -EFAULT or -EINVAL (then not locked).
 */
int futex_lock_read(struct waitq *bucket, isle_uva_t addr, uint32_t *value);

#define FUTEX_TID_MASK     0x3fffffffu
#define FUTEX_OWNER_DIED   0x40000000u
#define FUTEX_WAITERS      0x80000000u

#endif
