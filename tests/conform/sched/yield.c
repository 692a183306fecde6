/* SPDX-License-Identifier: MIT */
/*
 * yield - sched_yield returns 0 and lets another thread of the same core run. Catches a yield that does nothing.
 */
#include "conform.h"

static _Atomic int flag, spins;

static void pin(void)
{
	cpu_set_t one;
	int cpu = sched_getcpu();

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	must(sched_setaffinity(0, sizeof(one), &one));
}

static void *other(void *arg)
{
	flag = 1;
	return arg;
}

int main(void)
{
	pthread_t t;

	equal(sched_yield(), 0, "alone");
	pin();
	t = thread(other, NULL);
	while (!flag && spins < 10000000) {
		spins++;
		sched_yield();
	}
	check(flag, "the other one runs");
	join(t);
	return done();
}
