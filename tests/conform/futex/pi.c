/* SPDX-License-Identifier: MIT */
/*
 * pi - PI futexes hold the owner's tid, hand over to a waiter, and say EDEADLK, EPERM, EAGAIN and
 * ETIMEDOUT. Catches the word's format, which user space shares.
 */
#include "futex.h"

static word a;
static _Atomic int waiting;

static void *other(void *arg)
{
	struct timespec ts = timespec(now(CLOCK_REALTIME) + 5 * MS);

	(void)arg;
	fails(futex(&a, FUTEX_TRYLOCK_PI_PRIVATE, 0, NULL, NULL, 0), EAGAIN, "trylock of a held one");
	fails(futex(&a, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0), EPERM, "unlock of another's");
	fails(futex(&a, FUTEX_LOCK_PI_PRIVATE, 0, &ts, NULL, 0), ETIMEDOUT, "timeout");
	waiting = 1;
	equal(futex(&a, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0), 0, "handed over");
	equal((a & FUTEX_TID_MASK) == (uint32_t)gettid(), 1, "the new owner's tid");
	equal(futex(&a, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0), 0, "unlock");
	return NULL;
}

int main(void)
{
	pthread_t t;
	long ret;

	equal(futex(&a, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0), 0, "lock");
	equal(a == (uint32_t)gettid(), 1, "the owner's tid");
	fails(futex(&a, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0), EDEADLK, "lock twice");
	t = thread(other, NULL);
	until(waiting);
	until(a & FUTEX_WAITERS);
	ret = futex(&a, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0);
	join(t);
	equal(ret, 0, "unlock with a waiter");
	equal(a, 0, "free at the end");
	a = 0x3ffffff;
	fails(futex(&a, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0), ESRCH, "an owner that does not exist");
	return done();
}
