// SPDX-License-Identifier: MIT
/*
 * futex_pi.c - futexes that are locks: the word holds the owner's thread id, and the kernel gives the lock
 * from hand to hand.
 *
 * Threads have one priority on an isle, so nothing is inherited; what is left of "priority inheritance" is
 * ownership: only a thread that exists can be waited for, only the owner can unlock, and what an ended
 * thread owned goes to the next with FUTEX_OWNER_DIED. A waiter remembers whom it waits for; hand-over
 * changes that in all waiters of the lock.
 *
 * An owner may end between the look whether it exists and the queueing of a waiter. So a waiter looks once
 * more when it is queued: then either it sees that the owner is gone, or the owner's end sees the waiter.
 */
#include <kern/futex.h>

#include <kern/errno.h>
#include <kern/process.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/uaccess.h>

#include "futex_priv.h"

/* Threads in futex_lock and futex_wait_to_lock: while 0, nobody need look for waiters (atomic). */
static uint32_t waiting_nr;

static struct futex_waiter *first_waiter(struct waitq *bucket, uint64_t key, enum futex_kind kind)
{
	struct list *link;

	list_for_each(link, &bucket->waiting) {
		struct futex_waiter *waiter = list_entry(link, struct futex_waiter, link);

		if (waiter->key == key && waiter->kind == kind)
			return waiter;
	}
	return NULL;
}

static bool thread_lives(uint32_t tid)
{
	struct process *process = process_current();
	struct list *link;
	bool lives = false;

	spin_lock(&process->lock);
	list_for_each(link, &process->threads) {
		const struct thread *thread = list_entry(link, struct thread, process_link);

		lives = lives || (thread->tid == tid && !thread->leaving);
	}
	spin_unlock(&process->lock);
	return lives;
}

/* Replaces the word's value; its page is there, else false. Lock held. */
static bool word_change(isle_uva_t addr, uint32_t *value, uint32_t desired)
{
	uint32_t found;

	if (!user_poke32(addr, *value, desired, &found))
		return false;
	if (found == *value)
		*value = desired;
	else
		*value = found;
	return true;
}

/* Makes the page of a word present and writable. */
static int word_touch(isle_uva_t addr)
{
	uint32_t value, found;

	return get_user(&value, addr) || user_cmpxchg32(addr, value, value, &found) ? -EFAULT : 0;
}

/*
 * Takes the lock for a thread, or marks it as waited for. 0: taken; 1: *owner has it; -EDEADLK; -ENODATA:
 * touch the page and try again. Lock held.
 */
static int word_take(struct waitq *bucket, uint64_t key, isle_uva_t addr, uint32_t tid, bool mark, uint32_t *owner)
{
	bool waited = first_waiter(bucket, key, FUTEX_PI);
	uint32_t value, desired;

	if (!user_peek32(addr, &value))
		return -ENODATA;
	for (;;) {
		*owner = value & FUTEX_TID_MASK;
		if (*owner == tid)
			return -EDEADLK;
		if (!*owner)
			desired = tid | (value & FUTEX_OWNER_DIED) | (waited ? FUTEX_WAITERS : 0);
		else if (!mark || (value & FUTEX_WAITERS))
			return 1;
		else
			desired = value | FUTEX_WAITERS;
		if (!word_change(addr, &value, desired))
			return -ENODATA;
		if (value == desired)
			return *owner ? 1 : 0;
	}
}

/*
 * Gives the lock to the first who waits for it and tells the others. False if the page is not there. Lock held.
 */
static bool hand_over(struct waitq *bucket, struct futex_waiter *next, isle_uva_t addr, uint32_t mark)
{
	uint64_t key = next->key;
	uint32_t tid = next->thread->tid, value, desired;
	struct list *link;
	bool more = false;

	list_for_each(link, &bucket->waiting) {
		struct futex_waiter *other = list_entry(link, struct futex_waiter, link);

		more = more || (other != next && other->key == key && other->kind == FUTEX_PI);
	}
	if (!user_peek32(addr, &value))
		return false;
	do {
		desired = tid | mark | (more ? FUTEX_WAITERS : 0);
		if (!word_change(addr, &value, desired))
			return false;
	} while (value != desired);
	list_for_each(link, &bucket->waiting) {
		struct futex_waiter *other = list_entry(link, struct futex_waiter, link);

		if (other->key == key && other->kind == FUTEX_PI)
			other->owner = tid;
	}
	futex_dequeue(next, 0);
	return true;
}

/* Waits, queued as waiter for an owner. */
static int lock_block(struct futex_waiter *waiter, uint32_t owner, uint64_t deadline)
{
	int err;

	__atomic_add_fetch(&waiting_nr, 1, __ATOMIC_SEQ_CST);
	if (!thread_lives(owner))
		futex_owner_gone(owner);
	err = futex_block(waiter, 1, deadline);
	__atomic_sub_fetch(&waiting_nr, 1, __ATOMIC_RELAXED);
	return err ? err : waiter->result;
}

int64_t futex_lock(isle_uva_t addr, bool shared, bool try, uint64_t deadline)
{
	struct futex_waiter waiter = { .kind = FUTEX_PI, .lock_addr = addr };
	struct waitq *bucket;
	uint32_t value, owner;
	int err;

	for (;;) {
		err = addr & 3 ? -EINVAL : word_touch(addr);
		if (err)
			return err;
		waiter.key = waiter.lock_key = futex_key(addr, shared);
		bucket = futex_bucket(waiter.key);
		if (get_user(&value, addr))
			return -EFAULT;
		/* An owner that is not there cannot unlock: no lock at all, or one that nobody can have again. */
		value &= FUTEX_TID_MASK;
		if (value && !try && !thread_lives(value))
			return -ESRCH;
		spin_lock(&bucket->lock);
		err = word_take(bucket, waiter.key, addr, thread_current()->tid, !try, &owner);
		if (err == 1 && !try && owner == value) {
			waiter.owner = owner;
			futex_enqueue(&waiter, bucket);
		}
		spin_unlock(&bucket->lock);
		if (err == 1 && try)
			return -EAGAIN;
		if (err == 1 && owner == value)
			return lock_block(&waiter, owner, deadline);
		if (err != 1 && err != -ENODATA)
			return err;
	}
}

int64_t futex_unlock(isle_uva_t addr, bool shared)
{
	struct futex_waiter *next;
	struct waitq *bucket;
	uint64_t key;
	uint32_t value;
	bool done;
	int err;

	do {
		err = addr & 3 ? -EINVAL : word_touch(addr);
		if (err)
			return err;
		key = futex_key(addr, shared);
		bucket = futex_bucket(key);
		err = futex_lock_read(bucket, addr, &value);
		if (err)
			return err;
		if ((value & FUTEX_TID_MASK) != thread_current()->tid) {
			spin_unlock(&bucket->lock);
			return -EPERM;
		}
		next = first_waiter(bucket, key, FUTEX_PI);
		if (next)
			done = hand_over(bucket, next, addr, 0);
		else
			done = word_change(addr, &value, 0) && !value;
		spin_unlock(&bucket->lock);
	} while (!done);
	return 0;
}

/* One waiter of this owner in this bucket; *addr gets its word. Lock held. */
static struct futex_waiter *waiter_of(struct waitq *bucket, uint32_t owner)
{
	struct list *link;

	list_for_each(link, &bucket->waiting) {
		struct futex_waiter *waiter = list_entry(link, struct futex_waiter, link);

		if (waiter->kind == FUTEX_PI && waiter->owner == owner)
			return waiter;
	}
	return NULL;
}

void futex_owner_gone(uint32_t tid)
{
	struct futex_waiter *next;
	struct waitq *bucket;
	uint32_t i;

	/* Whoever begins to wait after this look finds the owner gone. */
	if (!__atomic_load_n(&waiting_nr, __ATOMIC_SEQ_CST))
		return;
	for (i = 0; (bucket = futex_bucket_at(i)) != NULL; i++) {
		spin_lock(&bucket->lock);
		while ((next = waiter_of(bucket, tid)) != NULL) {
			isle_uva_t addr = next->lock_addr;
			int err;

			if (hand_over(bucket, next, addr, FUTEX_OWNER_DIED))
				continue;
			spin_unlock(&bucket->lock);
			err = word_touch(addr);
			spin_lock(&bucket->lock);
			/* The word is gone: so is what it waited for. */
			next = err ? waiter_of(bucket, tid) : NULL;
			if (next)
				futex_dequeue(next, err);
		}
		spin_unlock(&bucket->lock);
	}
}

int64_t futex_wait_to_lock(isle_uva_t addr, bool shared, uint32_t expected, uint64_t deadline, isle_uva_t lock_addr)
{
	struct futex_waiter waiter = { .kind = FUTEX_TO_PI, .lock_addr = lock_addr };
	int err;

	if (addr == lock_addr || (lock_addr & 3))
		return -EINVAL;
	if (word_touch(lock_addr))
		return -EFAULT;
	waiter.lock_key = futex_key(lock_addr, shared);
	err = futex_enqueue_if(&waiter, addr, shared, expected);
	if (err)
		return err;
	__atomic_add_fetch(&waiting_nr, 1, __ATOMIC_SEQ_CST);
	err = futex_block(&waiter, 1, deadline);
	__atomic_sub_fetch(&waiting_nr, 1, __ATOMIC_RELAXED);
	/* Once it has been moved, the first word has changed: the call cannot be made again. */
	if (err == -EINTR && waiter.kind == FUTEX_PI)
		return -EAGAIN;
	return err ? err : waiter.result;
}

/* Locks both buckets, with both pages present. *value is what from holds. 0, -EFAULT. */
static int pair_lock_read(struct waitq *a, struct waitq *b, isle_uva_t from, isle_uva_t to, uint32_t *value)
{
	for (;;) {
		uint32_t other;

		if (get_user(value, from) || word_touch(to))
			return -EFAULT;
		futex_pair_lock(a, b);
		if (user_peek32(from, value) && user_peek32(to, &other))
			return 0;
		futex_pair_unlock(a, b);
	}
}

/* Moves up to n waiters to the lock that *owner has, or gives it to the first. How many, or -errno. Locks held. */
static int64_t waiters_to_lock(struct waitq *a, struct waitq *b, uint64_t from_key, uint64_t to_key, isle_uva_t to,
			       uint32_t n, uint32_t *owner)
{
	uint32_t moved = 0;

	while (moved < n) {
		struct futex_waiter *next = first_waiter(a, from_key, FUTEX_TO_PI);
		int err;

		if (!next)
			break;
		if (next->lock_key != to_key)
			return moved ? (int64_t)moved : -EINVAL;
		err = word_take(b, to_key, to, next->thread->tid, true, owner);
		if (err < 0)
			return moved ? (int64_t)moved : err;
		if (err == 0) {
			*owner = next->thread->tid;
			futex_dequeue(next, 0);
		} else {
			next->kind = FUTEX_PI;
			next->owner = *owner;
			futex_move(next, b, to_key);
		}
		moved++;
	}
	return moved;
}

int64_t futex_requeue_lock(isle_uva_t from, isle_uva_t to, bool shared, uint32_t nr_move, uint32_t expected)
{
	uint64_t from_key, to_key;
	struct waitq *a, *b;
	uint32_t value, owner = 0;
	int64_t moved;

	if (((from | to) & 3) || from == to)
		return -EINVAL;
	do {
		from_key = futex_key(from, shared);
		to_key = futex_key(to, shared);
		a = futex_bucket(from_key);
		b = futex_bucket(to_key);
		moved = pair_lock_read(a, b, from, to, &value);
		if (moved)
			return moved;
		moved = value == expected ? waiters_to_lock(a, b, from_key, to_key, to, nr_move + 1, &owner) : -EAGAIN;
		futex_pair_unlock(a, b);
	} while (moved == -ENODATA);
	if (moved > 0 && owner && !thread_lives(owner))
		futex_owner_gone(owner);
	return moved;
}
