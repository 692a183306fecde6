/* SPDX-License-Identifier: MIT */
/*
 * setaffinity-other - one thread moves another that computes: it is found on the new core soon. Catches
 * affinity that works for the caller only.
 */
#include "conform.h"

static _Atomic int stop, at;
static _Atomic pid_t tid;

static void *spin(void *arg)
{
	tid = gettid();
	while (!stop)
		at = sched_getcpu() + 1;
	return arg;
}

int main(void)
{
	cpu_set_t all, one;
	int c, moved = 0, cores = 0;
	pthread_t t = thread(spin, NULL);

	until(tid);
	must(sched_getaffinity(0, sizeof(all), &all));
	for (c = 0; c < CPU_SETSIZE; c++) {
		if (!CPU_ISSET(c, &all))
			continue;
		CPU_ZERO(&one);
		CPU_SET(c, &one);
		must(sched_setaffinity(tid, sizeof(one), &one));
		at = 0;
		until(at == c + 1);
		moved++;
		cores++;
	}
	check(moved == cores && moved > 0, "moved to each core");
	must(sched_getaffinity(tid, sizeof(one), &one));
	equal(CPU_COUNT(&one), 1, "its mask by its tid");
	stop = 1;
	join(t);
	return done();
}
