/* SPDX-License-Identifier: MIT */
/*
 * timeout-then-wake - a waiter that timed out is no longer counted by a wake, and one woken in time returns
 * 0. Catches queue entries left behind by a timeout.
 */
#include "futex.h"

static word a;

static void *wait_long(void *arg)
{
	struct timespec ts = timespec(8000 * MS);

	(void)arg;
	return (void *)(uintptr_t)(futex(&a, FUTEX_WAIT_PRIVATE, 0, &ts, NULL, 0) == 0);
}

int main(void)
{
	struct timespec ts = timespec(5 * MS);
	pthread_t t;
	int i, n = 0;

	for (i = 0; i < 10; i++)
		futex(&a, FUTEX_WAIT_PRIVATE, 0, &ts, NULL, 0);
	equal(futex(&a, FUTEX_WAKE_PRIVATE, 100, NULL, NULL, 0), 0, "nobody is left");
	t = thread(wait_long, NULL);
	for (i = 0; i < 5000 && !n; i++) {
		n = (int)futex(&a, FUTEX_WAKE_PRIVATE, 100, NULL, NULL, 0);
		sleep_ms(1);
	}
	equal(n, 1, "one was woken");
	check(join(t) != NULL, "and knows it");
	return done();
}
