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
#include <kern/process.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/timer.h>
#include <kern/uaccess.h>
#include <kern/waitq.h>

#define BUCKETS     256u
#define KEY_MEMORY  (1ull << 63)

static struct waitq buckets[BUCKETS];

/* The key of a word; shared: the call did not say that it is private. */
static uint64_t key_of(isle_uva_t addr, bool shared)
{
	isle_hpa_t hpa = shared ? aspace_shared_at(process_current()->aspace, addr) : 0;

	return hpa ? hpa | KEY_MEMORY : addr;
}

static struct waitq *futex_bucket(uint64_t key)
{
	struct waitq *bucket = &buckets[(key >> 2 ^ key >> 12) * 0x9e3779b97f4a7c15ull >> 56];

	/* Zero is an empty list's state until its first use. */
	spin_lock(&bucket->lock);
	if (!bucket->waiting.next)
		list_init(&bucket->waiting);
	spin_unlock(&bucket->lock);
	return bucket;
}

static int wait_prepare(struct waitq *bucket, isle_uva_t addr, uint32_t expected)
{
	uint32_t value;

	if (addr & 3)
		return -EINVAL;
	for (;;) {
		if (get_user(&value, addr))
			return -EFAULT;
		spin_lock(&bucket->lock);
		if (user_peek32(addr, &value))
			break;
		spin_unlock(&bucket->lock);
	}
	if (value == expected)
		return 0;
	spin_unlock(&bucket->lock);
	return -EAGAIN;
}

/* Takes the calling thread off its bucket, whichever that is by now: false if it has been woken. */
static bool leave(struct thread *me)
{
	for (;;) {
		uint64_t key = __atomic_load_n(&me->futex_key, __ATOMIC_ACQUIRE);
		struct waitq *bucket;
		bool mine;

		if (!key)
			return false;
		bucket = futex_bucket(key);
		spin_lock(&bucket->lock);
		mine = me->futex_key == key;
		if (mine) {
			list_remove(&me->wait_link);
			me->futex_key = 0;
		}
		spin_unlock(&bucket->lock);
		if (mine)
			return true;
	}
}

/* Waits on the bucket, whose lock is held, and not on return. */
static int futex_block(struct waitq *bucket, uint64_t deadline)
{
	struct thread *me = thread_current();
	struct timer timer;
	int err = 0;

	list_add_tail(&bucket->waiting, &me->wait_link);
	spin_unlock(&bucket->lock);
	if (deadline != WAIT_FOREVER)
		timer_wake_at(&timer, me, deadline);
	for (;;) {
		/* Before the look: who wakes us after it makes thread_block return. */
		thread_block_prepare();
		if (!__atomic_load_n(&me->futex_key, __ATOMIC_ACQUIRE))
			break;
		err = wait_over(me, deadline, true);
		if (err) {
			err = leave(me) ? err : 0;
			break;
		}
		thread_block();
	}
	if (deadline != WAIT_FOREVER)
		timer_cancel(&timer);
	return err;
}

int64_t futex_wait(isle_uva_t addr, bool shared, uint32_t expected, uint64_t deadline, uint32_t bits)
{
	uint64_t key = key_of(addr, shared);
	struct waitq *bucket = futex_bucket(key);
	struct thread *me = thread_current();
	int err;

	if (!bits)
		return -EINVAL;
	err = wait_prepare(bucket, addr, expected);
	if (err)
		return err;
	me->futex_key = key;
	me->wait_bits = bits;
	return futex_block(bucket, deadline);
}

/* Takes up to n waiters of the key off. Lock held. */
static uint32_t wake_locked(struct waitq *bucket, uint64_t key, uint32_t n, uint32_t bits)
{
	struct list *link, *after;
	uint32_t woken = 0;

	list_for_each_safe(link, after, &bucket->waiting) {
		struct thread *thread = list_entry(link, struct thread, wait_link);

		if (woken == n)
			break;
		if (thread->futex_key != key || !(thread->wait_bits & bits))
			continue;
		thread->futex_key = 0;
		list_remove(link);
		thread_wake(thread);
		woken++;
	}
	return woken;
}

int64_t futex_wake(isle_uva_t addr, bool shared, uint32_t n, uint32_t bits)
{
	uint64_t key = key_of(addr, shared);
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

static void pair_lock(struct waitq *a, struct waitq *b)
{
	spin_lock(a < b ? &a->lock : &b->lock);
	if (a != b)
		spin_lock(a < b ? &b->lock : &a->lock);
}

static void pair_unlock(struct waitq *a, struct waitq *b)
{
	spin_unlock(&a->lock);
	if (a != b)
		spin_unlock(&b->lock);
}

int64_t futex_requeue(isle_uva_t from, isle_uva_t to, bool shared, uint32_t nr_wake, uint32_t nr_move,
		      const uint32_t *expected)
{
	uint64_t from_key = key_of(from, shared), to_key = key_of(to, shared);
	struct waitq *a = futex_bucket(from_key), *b = futex_bucket(to_key);
	uint32_t value, woken, moved = 0;
	struct list *link, *after;

	if ((from | to) & 3)
		return -EINVAL;
	for (;;) {
		if (get_user(&value, from) || get_user(&woken, to))
			return -EFAULT;
		pair_lock(a, b);
		if (!expected || user_peek32(from, &value))
			break;
		pair_unlock(a, b);
	}
	if (expected && value != *expected) {
		pair_unlock(a, b);
		return -EAGAIN;
	}
	woken = wake_locked(a, from_key, nr_wake, ~0u);
	list_for_each_safe(link, after, &a->waiting) {
		struct thread *thread = list_entry(link, struct thread, wait_link);

		if (moved == nr_move)
			break;
		if (thread->futex_key != from_key)
			continue;
		list_remove(link);
		thread->futex_key = to_key;
		list_add_tail(&b->waiting, link);
		moved++;
	}
	pair_unlock(a, b);
	/* CMP_REQUEUE counts both; plain REQUEUE only says whom it woke. */
	return expected ? woken + moved : woken;
}

/* FUTEX_WAKE_OP: the operation's four fields in one word (linux/futex.h). */
static int64_t op_apply(isle_uva_t addr, uint32_t op, uint32_t *old)
{
	uint32_t arg = (uint32_t)((int32_t)(op << 8) >> 20), what = op >> 28 & 7, value, found;

	if (op >> 31)
		arg = 1u << (arg & 31);
	if (get_user(&value, addr))
		return -EFAULT;
	for (;;) {
		uint32_t desired;

		switch (what) {
		case 0: desired = arg; break;
		case 1: desired = value + arg; break;
		case 2: desired = value | arg; break;
		case 3: desired = value & ~arg; break;
		case 4: desired = value ^ arg; break;
		default: return -ENOSYS;
		}
		if (user_cmpxchg32(addr, value, desired, &found))
			return -EFAULT;
		if (found == value)
			break;
		value = found;
	}
	*old = value;
	return 0;
}

static bool op_compare(uint32_t op, int32_t value)
{
	int32_t arg = (int32_t)(op << 20) >> 20;

	switch (op >> 24 & 15) {
	case 0: return value == arg;
	case 1: return value != arg;
	case 2: return value < arg;
	case 3: return value <= arg;
	case 4: return value > arg;
	case 5: return value >= arg;
	default: return false;
	}
}

int64_t futex_wake_op(isle_uva_t addr, isle_uva_t addr2, bool shared, uint32_t n, uint32_t n2, uint32_t op)
{
	int64_t woken, more;
	uint32_t old;

	more = op_apply(addr2, op, &old);
	if (more)
		return more;
	woken = futex_wake(addr, shared, n, ~0u);
	if (woken < 0 || !op_compare(op, (int32_t)old))
		return woken;
	more = futex_wake(addr2, shared, n2, ~0u);
	return more < 0 ? more : woken + more;
}

#define TID_MASK     0x3fffffffu
#define OWNER_DIED   0x40000000u
#define WAITERS      0x80000000u
#define ROBUST_MAX   2048u   /* a list that is longer is a loop (Linux's bound) */

struct robust_head {
	isle_uva_t next;
	int64_t offset;
	isle_uva_t pending;
};

static void robust_word(const struct thread *thread, isle_uva_t addr)
{
	uint32_t value, found;

	if (get_user(&value, addr))
		return;
	while ((value & TID_MASK) == thread->tid) {
		if (user_cmpxchg32(addr, value, (value & WAITERS) | OWNER_DIED, &found))
			return;
		if (found == value) {
			if (value & WAITERS)
				futex_wake(addr, true, 1, ~0u);
			return;
		}
		value = found;
	}
}

void futex_robust_release(struct thread *thread)
{
	struct robust_head head;
	isle_uva_t at;
	uint32_t i;

	if (!thread->robust_list || get_user(&head, thread->robust_list))
		return;
	at = head.next;
	for (i = 0; i < ROBUST_MAX && (at & ~1ull) != thread->robust_list; i++) {
		isle_uva_t entry = at & ~1ull;

		/* The link is read first: the word's new owner may reuse the entry. */
		if (get_user(&at, entry))
			return;
		if (entry != (head.pending & ~1ull))
			robust_word(thread, entry + (uint64_t)head.offset);
	}
	if (head.pending)
		robust_word(thread, (head.pending & ~1ull) + (uint64_t)head.offset);
}
