/* SPDX-License-Identifier: MIT */
/*
 * preempt - two threads on one core that never yield both get on. Catches a scheduler without time slices:
 * spin-waiting is usual in OpenMP and MPI.
 */
#include "conform.h"

static _Atomic int turn;

static void *spin(void *arg)
{
	int i, me = (int)(uintptr_t)arg;

	for (i = 0; i < 5; i++) {
		while (turn % 2 != me)
			__asm__ volatile("pause");
		turn++;
	}
	return NULL;
}

int main(void)
{
	cpu_set_t one;
	pthread_t a, b;
	int c = sched_getcpu();

	CPU_ZERO(&one);
	CPU_SET(c, &one);
	must(sched_setaffinity(0, sizeof(one), &one));
	a = thread(spin, (void *)0);
	b = thread(spin, (void *)1);
	join(a);
	join(b);
	equal(turn, 10, "turns");
	return done();
}
