/* SPDX-License-Identifier: MIT */
/*
 * itimers - setitimer's three timers: real time passes while sleeping, virtual and profiling time only while
 * computing. Catches all three run on real time.
 */
#include "conform.h"
#include <sys/time.h>

static _Atomic int real, virtual, prof;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)info;
	(void)context;
	real += sig == SIGALRM;
	virtual += sig == SIGVTALRM;
	prof += sig == SIGPROF;
}

int main(void)
{
	struct itimerval tv = { { 0, 0 }, { 0, 200000 } }, old, off = { { 0, 0 }, { 0, 0 } };
	int which;

	handle(SIGALRM, handler, 0);
	handle(SIGVTALRM, handler, 0);
	handle(SIGPROF, handler, 0);
	/* Once in advance: the first run brings in pages, which takes time. */
	must(raise(SIGALRM));
	sleep_ms(1);
	real = 0;
	for (which = ITIMER_REAL; which <= ITIMER_PROF; which++)
		must(setitimer(which, &tv, NULL));
	sleep_ms(400);
	equal(real, 1, "real time");
	equal(virtual + prof, 0, "no time used while asleep");
	while (!virtual || !prof)
		;
	equal(virtual * 10 + prof, 11, "virtual and profiling time");
	tv.it_value.tv_sec = 100;
	must(setitimer(ITIMER_REAL, &tv, NULL));
	must(getitimer(ITIMER_REAL, &old));
	check(old.it_value.tv_sec >= 99, "getitimer");
	must(setitimer(ITIMER_REAL, &off, &old));
	check(old.it_value.tv_sec >= 99, "the old value");
	fails(setitimer(7, &tv, NULL), EINVAL, "no such timer");
	tv.it_value.tv_usec = 1000000;
	fails(setitimer(ITIMER_REAL, &tv, NULL), EINVAL, "no time");
	return done();
}
