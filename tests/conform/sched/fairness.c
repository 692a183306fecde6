/* SPDX-License-Identifier: MIT */
/*
 * fairness - eight computing threads bound to one core all get on, none much less than its share. Catches
 * run queues that starve.
 */
#include "conform.h"

static _Atomic int stop;
static _Atomic long long used[8];

static void *spin(void *arg)
{
	while (!stop)
		;
	used[(uintptr_t)arg] = now(CLOCK_THREAD_CPUTIME_ID);
	return NULL;
}

int main(void)
{
	long long sum = 0;
	pthread_t t[8];
	cpu_set_t one;
	uintptr_t i;
	int near = 0;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	must(sched_setaffinity(0, sizeof(one), &one));
	for (i = 0; i < 8; i++)
		t[i] = thread(spin, (void *)i);
	sleep_ms(400);
	stop = 1;
	for (i = 0; i < 8; i++) {
		join(t[i]);
		sum += used[i];
	}
	for (i = 0; i < 8; i++)
		near += used[i] >= sum / 8 / 4;
	equal(near, 8, "threads with at least a quarter of their share");
	return done();
}
