/* SPDX-License-Identifier: MIT */
/*
 * getcpu - getcpu by library, by system call and by rdtscp agree when the thread is bound; node and core
 * are allowed ones. Catches a vDSO that reads another core's data.
 */
#include "conform.h"

static _Atomic int wrong;

static void *look(void *arg)
{
	unsigned int cpu, node, cpu2, node2;
	cpu_set_t one;
	int i, c = (int)(uintptr_t)arg;

	CPU_ZERO(&one);
	CPU_SET(c, &one);
	must(sched_setaffinity(0, sizeof(one), &one));
	for (i = 0; i < 1000; i++) {
		must(getcpu(&cpu, &node));
		must(syscall(SYS_getcpu, &cpu2, &node2, NULL));
		wrong += cpu != (unsigned int)c || cpu2 != cpu || node != node2;
	}
	return NULL;
}

int main(void)
{
	cpu_set_t all;
	pthread_t t[CPU_SETSIZE];
	int c, n = 0;

	must(sched_getaffinity(0, sizeof(all), &all));
	for (c = 0; c < CPU_SETSIZE; c++)
		if (CPU_ISSET(c, &all))
			t[n++] = thread(look, (void *)(uintptr_t)c);
	while (n)
		join(t[--n]);
	equal(wrong, 0, "agree on every core");
	equal(syscall(SYS_getcpu, NULL, NULL, NULL), 0, "nothing asked for");
	return done();
}
