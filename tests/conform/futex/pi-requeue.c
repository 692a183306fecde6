/* SPDX-License-Identifier: MIT */
/*
 * pi-requeue - waiters of a word are moved to a lock and get it one after the other, as a condition variable with
 * a priority-inheritance mutex wants it. Catches waiters that are woken without the lock.
 */
#include "futex.h"

static word cond, lock;
static _Atomic int waiting, had;

/* Says nothing: which of them is first is not always the same. */
static void *waiter(void *arg)
{
	int good;

	waiting++;
	good = futex_move(&cond, FUTEX_WAIT_REQUEUE_PI_PRIVATE, 0, 0, &lock, 0) == 0;
	good = good && (lock & FUTEX_TID_MASK) == (uint32_t)gettid();
	had += good;
	good = futex(&lock, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0) == 0;
	check(good, "given up");
	return arg;
}

int main(void)
{
	struct timespec ts = timespec(now(CLOCK_REALTIME) + 5 * MS);
	pthread_t t[3];
	int i;

	fails(futex_move(&cond, FUTEX_WAIT_REQUEUE_PI_PRIVATE, 1, 0, &lock, 0), EAGAIN, "another value");
	fails(futex_move(&cond, FUTEX_WAIT_REQUEUE_PI_PRIVATE, 0, 0, &cond, 0), EINVAL, "the same word twice");
	fails(futex(&cond, FUTEX_WAIT_REQUEUE_PI_PRIVATE | FUTEX_CLOCK_REALTIME, 0, &ts, &lock, 0), ETIMEDOUT,
	      "timeout");
	for (i = 0; i < 3; i++)
		t[i] = thread(waiter, NULL);
	until(waiting == 3);
	sleep_ms(20);
	equal(futex(&lock, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0), 0, "lock");
	fails(futex_move(&cond, FUTEX_CMP_REQUEUE_PI_PRIVATE, 1, 5, &lock, 1), EAGAIN, "compared");
	fails(futex_move(&cond, FUTEX_CMP_REQUEUE_PI_PRIVATE, 2, 5, &lock, 0), EINVAL, "more than one to wake");
	equal(futex_move(&cond, FUTEX_CMP_REQUEUE_PI_PRIVATE, 1, 5, &lock, 0), 3, "moved");
	sleep_ms(5);
	equal(had, 0, "none has the lock");
	must((int)futex(&lock, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0));
	for (i = 0; i < 3; i++)
		join(t[i]);
	equal(had, 3, "each had it");
	equal(lock, 0, "free at the end");
	return done();
}
