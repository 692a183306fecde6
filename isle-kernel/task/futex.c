// SPDX-License-Identifier: MIT
/*
 * futex.c - the waiting half of futexes: a table of buckets by address.
 *
 * A waiter checks the word under the bucket's lock, so a waker that changed it before cannot miss
 * it. The check reads program memory, and no page may be filled under a spin lock: the page is
 * touched before, and if it has gone by then, the lock is dropped and the page touched again. Keys
 * are addresses, since all threads share one address space; a word on one of Linux's pages, which
 * may be mapped twice, is known by where it lies in memory.
 */
#include <kern/futex.h>

#include <kern/aspace.h>
#include <kern/errno.h>
#include <kern/kmalloc.h>
#include <kern/process.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/timer.h>
#include <kern/uaccess.h>

#include "futex_priv.h"

#define BUCKETS     256u
#define KEY_MEMORY  (1ull << 63)

static struct waitq buckets[BUCKETS];

static uint32_t bucket_index(uint64_t key)
{
	return (uint32_t)((key >> 2 ^ key >> 12) * 0x9e3779b97f4a7c15ull >> 56);
}

uint64_t futex_key(isle_uva_t addr, bool shared)
{
	isle_hpa_t hpa = shared ? aspace_shared_at(process_current()->aspace, addr) : 0;

	return hpa ? hpa | KEY_MEMORY : addr;
}

struct waitq *futex_bucket_at(uint32_t i)
{
	struct waitq *bucket = &buckets[i % BUCKETS];

	if (i >= BUCKETS)
		return NULL;
	/* Zero is an empty list's state until its first use. */
	spin_lock(&bucket->lock);
	if (!bucket->waiting.next)
		list_init(&bucket->waiting);
	spin_unlock(&bucket->lock);
	return bucket;
}

struct waitq *futex_bucket(uint64_t key)
{
	return futex_bucket_at(bucket_index(key));
}

void futex_pair_lock(struct waitq *a, struct waitq *b)
{
	spin_lock(a < b ? &a->lock : &b->lock);
	if (a != b)
		spin_lock(a < b ? &b->lock : &a->lock);
}

void futex_pair_unlock(struct waitq *a, struct waitq *b)
{
	spin_unlock(&a->lock);
	if (a != b)
		spin_unlock(&b->lock);
}

int futex_lock_read(struct waitq *bucket, isle_uva_t addr, uint32_t *value)
{
	if (addr & 3)
		return -EINVAL;
	for (;;) {
		if (get_user(value, addr))
			return -EFAULT;
		spin_lock(&bucket->lock);
		if (user_peek32(addr, value))
			return 0;
		spin_unlock(&bucket->lock);
	}
}

void futex_enqueue(struct futex_waiter *waiter, struct waitq *bucket)
{
	waiter->bucket = bucket;
	waiter->thread = thread_current();
	waiter->result = 0;
	waiter->queued = true;
	list_init(&waiter->link);
	list_add_tail(&bucket->waiting, &waiter->link);
}

void futex_dequeue(struct futex_waiter *waiter, int result)
{
	list_remove(&waiter->link);
	waiter->result = result;
	__atomic_store_n(&waiter->queued, false, __ATOMIC_RELEASE);
	thread_wake(waiter->thread);
}

void futex_move(struct futex_waiter *waiter, struct waitq *bucket, uint64_t key)
{
	list_remove(&waiter->link);
	waiter->key = key;
	__atomic_store_n(&waiter->bucket, bucket, __ATOMIC_RELEASE);
	list_add_tail(&bucket->waiting, &waiter->link);
}

/* Takes the waiter off, whichever bucket it is in by now: false if somebody else has. */
static bool leave(struct futex_waiter *waiter)
{
	struct waitq *bucket;
	bool mine;

	for (;;) {
		bucket = __atomic_load_n(&waiter->bucket, __ATOMIC_ACQUIRE);
		spin_lock(&bucket->lock);
		if (waiter->bucket == bucket)
			break;
		spin_unlock(&bucket->lock);
	}
	mine = waiter->queued;
	if (mine)
		list_remove(&waiter->link);
	waiter->queued = false;
	spin_unlock(&bucket->lock);
	return mine;
}

static bool all_queued(const struct futex_waiter *waiters, uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr; i++)
		if (!__atomic_load_n(&waiters[i].queued, __ATOMIC_ACQUIRE))
			return false;
	return true;
}

int futex_block(struct futex_waiter *waiters, uint32_t nr, uint64_t deadline)
{
	struct thread *me = thread_current();
	struct timer timer;
	int over = 0, woken = -1;
	uint32_t i;

	if (deadline != WAIT_FOREVER)
		timer_wake_at(&timer, me, deadline);
	for (;;) {
		/* Before the look: who wakes us after it makes thread_block return. */
		thread_block_prepare();
		if (!all_queued(waiters, nr))
			break;
		over = wait_over(me, deadline, true);
		if (over)
			break;
		thread_block();
	}
	if (deadline != WAIT_FOREVER)
		timer_cancel(&timer);
	for (i = 0; i < nr; i++)
		if (!leave(&waiters[i]))
			woken = (int)i;
	return woken >= 0 ? woken : over;
}

int futex_enqueue_if(struct futex_waiter *waiter, isle_uva_t addr, bool shared, uint32_t expected)
{
	struct waitq *bucket;
	uint32_t value;
	int err;

	waiter->key = futex_key(addr, shared);
	bucket = futex_bucket(waiter->key);
	err = futex_lock_read(bucket, addr, &value);
	if (err)
		return err;
	if (value == expected)
		futex_enqueue(waiter, bucket);
	spin_unlock(&bucket->lock);
	return value == expected ? 0 : -EAGAIN;
}

int64_t futex_wait(isle_uva_t addr, bool shared, uint32_t expected, uint64_t deadline, uint32_t bits)
{
	struct futex_waiter waiter = { .bits = bits };
	int err = bits ? futex_enqueue_if(&waiter, addr, shared, expected) : -EINVAL;

	return err ? err : futex_block(&waiter, 1, deadline);
}

/* Queues one waiter a word, until one word differs or cannot be read: how many; *err says which. */
static uint32_t many_enqueue(struct futex_waiter *waiters, const struct futex_wanted *wanted, uint32_t nr, int *err)
{
	uint32_t i;

	for (i = 0; i < nr; i++) {
		waiters[i].bits = ~0u;
		*err = futex_enqueue_if(&waiters[i], wanted[i].addr, wanted[i].shared, wanted[i].value);
		if (*err)
			break;
	}
	return i;
}

int64_t futex_wait_many(const struct futex_wanted *wanted, uint32_t nr, uint64_t deadline)
{
	struct futex_waiter *waiters = kzalloc(nr * sizeof(*waiters));
	uint32_t queued, i;
	int err = 0, woken = -1;

	if (!waiters)
		return -ENOMEM;
	queued = many_enqueue(waiters, wanted, nr, &err);
	if (queued == nr) {
		woken = futex_block(waiters, nr, deadline);
	} else {
		/* A wake that one of the words got meanwhile must not be lost. */
		for (i = 0; i < queued; i++)
			if (!leave(&waiters[i]))
				woken = (int)i;
		if (woken < 0)
			woken = err;
	}
	kfree(waiters);
	return woken;
}

/* Takes up to n waiters of the key off. Lock held. */
static uint32_t wake_locked(struct waitq *bucket, uint64_t key, uint32_t n, uint32_t bits)
{
	struct list *link, *after;
	uint32_t woken = 0;

	list_for_each_safe(link, after, &bucket->waiting) {
		struct futex_waiter *waiter = list_entry(link, struct futex_waiter, link);

		if (woken == n)
			break;
		if (waiter->key != key || waiter->kind != FUTEX_PLAIN || !(waiter->bits & bits))
			continue;
		futex_dequeue(waiter, 0);
		woken++;
	}
	return woken;
}

int64_t futex_wake(isle_uva_t addr, bool shared, uint32_t n, uint32_t bits)
{
	uint64_t key = futex_key(addr, shared);
	struct waitq *bucket = futex_bucket(key);
	uint32_t woken;

	if (addr & 3 || !bits)
		return -EINVAL;
	if (!user_range(addr, 4))
		return -EFAULT;
	spin_lock(&bucket->lock);
	woken = wake_locked(bucket, key, n, bits);
	spin_unlock(&bucket->lock);
	return woken;
}

/*
 * True if nobody waits in a bucket and nobody is about to. A waiter takes the lock, then looks at the word,
 * then adds itself. So if the lock is free and the list empty behind the fence that orders the caller's
 * store to the word before, a waiter that comes later sees that store.
 */
static bool bucket_idle(const struct waitq *bucket)
{
	const struct list *next;
	uint64_t tickets;

	_Static_assert(sizeof(struct spinlock) == sizeof(tickets), "both tickets are read at once");
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	tickets = __atomic_load_n((const uint64_t *)(const void *)&bucket->lock, __ATOMIC_ACQUIRE);
	next = __atomic_load_n(&bucket->waiting.next, __ATOMIC_RELAXED);
	return (uint32_t)tickets == tickets >> 32 && (!next || next == &bucket->waiting);
}

int64_t futex_wake_leaf(uint64_t addr, uint64_t op, uint64_t n)
{
	(void)op;
	if ((addr & 3) || !user_range(addr, 4))
		return addr & 3 ? -EINVAL : -EFAULT;
	if (bucket_idle(&buckets[bucket_index(addr)]))
		return 0;
	return futex_wake(addr, false, (uint32_t)n, ~0u);
}

int64_t futex_requeue(isle_uva_t from, isle_uva_t to, bool shared, uint32_t nr_wake, uint32_t nr_move,
		      const uint32_t *expected)
{
	uint64_t from_key = futex_key(from, shared), to_key = futex_key(to, shared);
	struct waitq *a = futex_bucket(from_key), *b = futex_bucket(to_key);
	uint32_t value, woken, moved = 0;
	struct list *link, *after;

	if ((from | to) & 3)
		return -EINVAL;
	for (;;) {
		if (get_user(&value, from) || get_user(&woken, to))
			return -EFAULT;
		futex_pair_lock(a, b);
		if (!expected || user_peek32(from, &value))
			break;
		futex_pair_unlock(a, b);
	}
	if (expected && value != *expected) {
		futex_pair_unlock(a, b);
		return -EAGAIN;
	}
	woken = wake_locked(a, from_key, nr_wake, ~0u);
	list_for_each_safe(link, after, &a->waiting) {
		struct futex_waiter *waiter = list_entry(link, struct futex_waiter, link);

		if (moved == nr_move)
			break;
		if (waiter->key != from_key || waiter->kind != FUTEX_PLAIN)
			continue;
		if (from_key != to_key)
			futex_move(waiter, b, to_key);
		moved++;
	}
	futex_pair_unlock(a, b);
	return woken + moved;
}
