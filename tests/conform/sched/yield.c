/* SPDX-License-Identifier: MIT */
/*
 * yield - sched_yield lets another thread of the same core run: two threads that hand over by yielding need
 * few yields for each turn, not a time slice. Catches a yield that does nothing; libomp lives on it.
 */
#include "conform.h"

#define TURNS 200

static _Atomic int turn, yields;

static void *player(void *arg)
{
	int i, me = (int)(uintptr_t)arg;

	for (i = 0; i < TURNS; i++) {
		while (turn % 2 != me) {
			yields++;
			sched_yield();
		}
		turn++;
	}
	return NULL;
}

int main(void)
{
	pthread_t a, b;
	cpu_set_t one;

	equal(sched_yield(), 0, "alone");
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	must(sched_setaffinity(0, sizeof(one), &one));
	a = thread(player, (void *)0);
	b = thread(player, (void *)1);
	join(a);
	join(b);
	equal(turn, 2 * TURNS, "turns");
	check(yields < 2 * TURNS * 30, "fewer than thirty yields a turn");
	return done();
}
