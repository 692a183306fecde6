/* SPDX-License-Identifier: MIT */
/*
 * fairness - eight computing threads bound to one core all get on, none much less than the others. Catches run queues
 * that starve. How long it takes is not said: an emulated core may itself have to wait for one.
 */
#include "conform.h"

static _Atomic int stop;

static void *spin(void *arg)
{
	while (!stop)
		;
	return arg;
}

static long long used(pthread_t t)
{
	clockid_t clock;

	zero(pthread_getcpuclockid(t, &clock));
	return now(clock);
}

int main(void)
{
	long long least = 0, most = 0;
	pthread_t t[8];
	cpu_set_t one;
	int i, rounds;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	must(sched_setaffinity(0, sizeof(one), &one));
	for (i = 0; i < 8; i++)
		t[i] = thread(spin, NULL);
	for (rounds = 0; least < 30 * MS && rounds < 200; rounds++) {
		sleep_ms(50);
		least = most = used(t[0]);
		for (i = 1; i < 8; i++) {
			long long mine = used(t[i]);

			least = mine < least ? mine : least;
			most = mine > most ? mine : most;
		}
	}
	stop = 1;
	for (i = 0; i < 8; i++)
		join(t[i]);
	check(least >= 30 * MS, "all of them got on");
	check(least >= most / 20, "none much less than another");
	return done();
}
