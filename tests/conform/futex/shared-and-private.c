/* SPDX-License-Identifier: MIT */
/*
 * shared-and-private - inside one process shared and private operations on anonymous memory meet: thread
 * exit wakes with a shared one. Catches joins that never return.
 */
#include "futex.h"

static word a;
static _Atomic int ready;

static void *wait_shared(void *arg)
{
	(void)arg;
	ready = 1;
	return (void *)(uintptr_t)(futex(&a, FUTEX_WAIT, 0, NULL, NULL, 0) == 0);
}

int main(void)
{
	pthread_t t = thread(wait_shared, NULL);
	int i, n = 0;

	until(ready);
	for (i = 0; i < 5000 && !n; i++) {
		n = (int)futex(&a, FUTEX_WAKE, 1, NULL, NULL, 0);
		sleep_ms(1);
	}
	equal(n, 1, "shared wake of a shared wait");
	check(join(t) != NULL, "woken");
	return done();
}
