/* SPDX-License-Identifier: MIT */
/*
 * across-cores - a time handed from a thread on one core to one on another is never ahead of that one's
 * clock. Catches unsynchronised TSCs and per-core offsets.
 */
#include "conform.h"

static _Atomic long long handed;
static _Atomic int turn, back, stop;

static void *other(void *arg)
{
	cpu_set_t one, *all = arg;
	int c = CPU_SETSIZE - 1;

	while (!CPU_ISSET(c, all))
		c--;
	CPU_ZERO(&one);
	CPU_SET(c, &one);
	must(sched_setaffinity(0, sizeof(one), &one));
	while (!stop) {
		if (!turn) {
			sched_yield();
			continue;
		}
		back += now(CLOCK_MONOTONIC) < handed;
		handed = now(CLOCK_MONOTONIC);
		turn = 0;
	}
	return NULL;
}

int main(void)
{
	cpu_set_t all, one;
	pthread_t t;
	int i, c = 0;

	must(sched_getaffinity(0, sizeof(all), &all));
	t = thread(other, &all);
	while (!CPU_ISSET(c, &all))
		c++;
	CPU_ZERO(&one);
	CPU_SET(c, &one);
	must(sched_setaffinity(0, sizeof(one), &one));
	for (i = 0; i < 2000; i++) {
		handed = now(CLOCK_MONOTONIC);
		turn = 1;
		while (turn)
			sched_yield();
		back += now(CLOCK_MONOTONIC) < handed;
	}
	stop = 1;
	join(t);
	equal(back, 0, "never back");
	return done();
}
