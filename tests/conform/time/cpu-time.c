/* SPDX-License-Identifier: MIT */
/*
 * cpu-time - CPU clocks of thread and process grow while computing and stand while sleeping; another thread's
 * can be read. Catches CPU time that is wall time.
 */
#include "conform.h"

static _Atomic int stop, ready;

static void burn(clockid_t clock, long long ns)
{
	long long start = now(clock);

	while (now(clock) - start < ns)
		;
}

static void *work(void *arg)
{
	burn(CLOCK_THREAD_CPUTIME_ID, 20 * MS);
	ready = 1;
	while (!stop)
		sleep_ms(1);
	return arg;
}

int main(void)
{
	long long thread_time, process_time;
	clockid_t clock;
	pthread_t t;

	burn(CLOCK_THREAD_CPUTIME_ID, 10 * MS);
	check(now(CLOCK_PROCESS_CPUTIME_ID) >= 10 * MS, "computing counts");
	thread_time = now(CLOCK_THREAD_CPUTIME_ID);
	process_time = now(CLOCK_PROCESS_CPUTIME_ID);
	sleep_ms(50);
	check(now(CLOCK_THREAD_CPUTIME_ID) - thread_time < 30 * MS, "thread: sleeping does not");
	check(now(CLOCK_PROCESS_CPUTIME_ID) - process_time < 30 * MS, "process: sleeping does not");
	t = thread(work, NULL);
	until(ready);
	check(now(CLOCK_THREAD_CPUTIME_ID) - thread_time < 40 * MS,
		"another thread's work is not counted for this one");
	check(now(CLOCK_PROCESS_CPUTIME_ID) - process_time >= 20 * MS, "but for the process");
	zero(pthread_getcpuclockid(t, &clock));
	check(now(clock) >= 20 * MS, "that thread's clock");
	zero(clock_getcpuclockid(0, &clock));
	check(now(clock) >= 20 * MS, "this process' clock");
	stop = 1;
	join(t);
	return done();
}
