// SPDX-License-Identifier: MIT
/*
 * spread-running - threads that compute on one core, though they may use more, do not all stay there. Catches a
 * scheduler that leaves a core idle while threads wait for another one, once they have come to live there.
 */
#include "conform.h"
#include <time.h>

/* So many that one leaves although other programs use the other cores, too. */
enum { THREADS = 4 };

static int at[THREADS] = { -1, -1, -1, -1 }, stop;

/* Computes where all began, then wherever it is put. */
static void *compute(void *arg)
{
	int i = (int)(long)arg;

	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
		__atomic_store_n(&at[i], sched_getcpu(), __ATOMIC_RELEASE);
	return NULL;
}

/* How many were last on that CPU. */
static int count_at(int cpu)
{
	int i, nr = 0;

	for (i = 0; i < THREADS; i++)
		nr += __atomic_load_n(&at[i], __ATOMIC_ACQUIRE) == cpu;
	return nr;
}

int main(void)
{
	cpu_set_t all, one;
	pthread_t t[THREADS];
	int first = 0, apart = 0, i;
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
	for (i = 0; i < THREADS; i++)
		t[i] = thread(compute, (void *)(long)i);
	until(count_at(first) == THREADS);
	check(1, "all begin on one core");
	for (i = 0; i < THREADS; i++)
		must(pthread_setaffinity_np(t[i], sizeof(all), &all));
	/* We sleep meanwhile: a core is free. */
	for (end = time(NULL) + 20; !apart && time(NULL) < end;) {
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
		apart = count_at(first) < THREADS;
	}
	check(apart, "and do not all stay there");
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	for (i = 0; i < THREADS; i++)
		join(t[i]);
	return done();
}
