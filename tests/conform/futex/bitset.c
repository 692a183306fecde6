/* SPDX-License-Identifier: MIT */
/*
 * bitset - a bitset wake wakes only waiters with a common bit; a plain wake wakes all kinds. Catches ignored
 * bit sets.
 */
#include "futex.h"

static word a;
static _Atomic int started, woken[3];

static void *wait_bits(void *arg)
{
	uintptr_t i = (uintptr_t)arg;

	started++;
	futex(&a, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, 1u << i);
	woken[i] = 1;
	return NULL;
}

int main(void)
{
	pthread_t t[3];
	uintptr_t i;

	for (i = 0; i < 3; i++)
		t[i] = thread(wait_bits, (void *)i);
	until(started == 3);
	sleep_ms(20);
	equal(futex(&a, FUTEX_WAKE_BITSET_PRIVATE, 10, NULL, NULL, 8), 0, "no common bit");
	equal(futex(&a, FUTEX_WAKE_BITSET_PRIVATE, 10, NULL, NULL, 2 | 8), 1, "one common bit");
	until(woken[1]);
	equal(woken[0] + woken[2], 0, "only that one");
	equal(futex(&a, FUTEX_WAKE_PRIVATE, 10, NULL, NULL, 0), 2, "a plain wake");
	for (i = 0; i < 3; i++)
		join(t[i]);
	fails(futex(&a, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, 0), EINVAL, "wait for no bit");
	fails(futex(&a, FUTEX_WAKE_BITSET_PRIVATE, 1, NULL, NULL, 0), EINVAL, "wake of no bit");
	return done();
}
