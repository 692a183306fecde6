/* SPDX-License-Identifier: MIT */
/*
 * spread-blocked - threads that block right after their start, one by one, compute on cores of their own when all are
 * woken. Catches a placement that only counts threads that can run: it puts them all on one core, where they stay
 * (three CPUs at least show it; tests/qemu/run.t has four).
 */
#include "conform.h"

#define MOST  7

static pthread_barrier_t woken;
static volatile int cpu[MOST], stop;

static void *run(void *arg)
{
	pthread_barrier_wait(&woken);
	while (!stop)
		*(volatile int *)arg = sched_getcpu() + 1;
	return arg;
}

static int distinct(int n)
{
	int i, j;

	for (i = 0; i < n; i++)
		for (j = 0; j <= i; j++)
			if (!cpu[i] || (j < i && cpu[i] == cpu[j]))
				return 0;
	return 1;
}

int main(void)
{
	pthread_t t[MOST];
	cpu_set_t cpus;
	int i, n;

	must(sched_getaffinity(0, sizeof(cpus), &cpus));
	n = CPU_COUNT(&cpus) - 1;
	if (n > MOST)
		n = MOST;
	if (n < 1)
		n = 1;
	zero(pthread_barrier_init(&woken, NULL, (unsigned int)n + 1));
	for (i = 0; i < n; i++) {
		t[i] = thread(run, (void *)(uintptr_t)&cpu[i]);
		sleep_ms(10);
	}
	pthread_barrier_wait(&woken);
	/* Linux moves threads about, so that this becomes true for a moment at least. */
	until(distinct(n));
	check(1, "each on a core of its own");
	stop = 1;
	for (i = 0; i < n; i++)
		join(t[i]);
	return done();
}
