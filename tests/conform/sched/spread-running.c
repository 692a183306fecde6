// SPDX-License-Identifier: MIT
/*
 * spread-running - two threads that compute on one core, though they may use two, end up on two. Catches a
 * scheduler that leaves a core idle while threads wait for another one, once they have come to live there.
 */
#include "conform.h"
#include <time.h>

static int at[2] = { -1, -2 }, stop;

/* Computes where both began, then wherever it is put. */
static void *compute(void *arg)
{
	int i = (int)(long)arg;

	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
		__atomic_store_n(&at[i], sched_getcpu(), __ATOMIC_RELEASE);
	return NULL;
}

int main(void)
{
	cpu_set_t all, one;
	pthread_t t[2];
	int first = 0, apart = 0;
	time_t end;

	must(sched_getaffinity(0, sizeof(all), &all));
	if (CPU_COUNT(&all) < 2) {
		puts("skip there is only one core");
		return 0;
	}
	while (!CPU_ISSET(first, &all))
		first++;
	CPU_ZERO(&one);
	CPU_SET(first, &one);
	must(sched_setaffinity(0, sizeof(one), &one));
	t[0] = thread(compute, (void *)0);
	t[1] = thread(compute, (void *)1);
	until(__atomic_load_n(&at[0], __ATOMIC_ACQUIRE) == first && __atomic_load_n(&at[1], __ATOMIC_ACQUIRE) == first);
	check(1, "both begin on one core");
	must(pthread_setaffinity_np(t[0], sizeof(all), &all));
	must(pthread_setaffinity_np(t[1], sizeof(all), &all));
	/* We sleep meanwhile: a core is free. */
	for (end = time(NULL) + 10; !apart && time(NULL) < end;) {
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
		apart = __atomic_load_n(&at[0], __ATOMIC_ACQUIRE) != __atomic_load_n(&at[1], __ATOMIC_ACQUIRE);
	}
	check(apart, "and end up on two");
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	join(t[0]);
	join(t[1]);
	return done();
}
