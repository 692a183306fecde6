/* SPDX-License-Identifier: MIT */
/*
 * spinlock - spin locks and atomics work between more threads than cores. Catches a scheduler without time
 * slices: a spinner must not keep the owner from running.
 */
#include "conform.h"

static pthread_spinlock_t lock;
static long counter;
static _Atomic long atomic_counter;

static void *work(void *arg)
{
	int i;

	for (i = 0; i < 2000; i++) {
		pthread_spin_lock(&lock);
		counter++;
		pthread_spin_unlock(&lock);
		atomic_counter++;
	}
	return arg;
}

int main(void)
{
	pthread_t t[6];
	int i;

	zero(pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE));
	for (i = 0; i < 6; i++)
		t[i] = thread(work, NULL);
	for (i = 0; i < 6; i++)
		join(t[i]);
	equal(counter, 12000, "locked counter");
	equal(atomic_counter, 12000, "atomic counter");
	equal(pthread_spin_trylock(&lock), 0, "free");
	equal(pthread_spin_trylock(&lock), EBUSY, "held");
	return done();
}
