/* SPDX-License-Identifier: MIT */
/*
 * time-and-signals - clocks, timers, signals and their structs: EFAULT for pointers to nowhere.
 */
#include "pointers.h"

int main(void)
{
	static struct timespec ts = { 0, 1 };
	static sigset_t set;
	timer_t timer;
	long clock = CLOCK_MONOTONIC;

	sigemptyset(&set);
	must(timer_create(CLOCK_MONOTONIC, NULL, &timer));
	{
		long t = (long)timer, *raw = (long *)(void *)&timer;
		const struct bad_call calls[] = {
			CALL(clock_gettime, clock, BAD), CALL(clock_getres, clock, BAD), CALL(gettimeofday, BAD, 0),
			CALL(time, BAD), CALL(nanosleep, BAD, 0), CALL(clock_nanosleep, clock, 0, BAD, 0),
			CALL(timer_create, clock, BAD, (long)raw), CALL(timer_create, clock, 0, BAD),
			CALL(timer_settime, t, 0, BAD, 0), CALL(timer_gettime, t, BAD), CALL(setitimer, 0, BAD, 0),
			CALL(getitimer, 0, BAD), CALL(times, BAD), CALL(rt_sigaction, SIGUSR1, BAD, 0, 8),
			CALL(rt_sigaction, SIGUSR1, 0, BAD, 8), CALL(rt_sigprocmask, SIG_BLOCK, BAD, 0, 8),
			CALL(rt_sigprocmask, SIG_BLOCK, 0, BAD, 8), CALL(rt_sigpending, BAD, 8),
			CALL(rt_sigsuspend, BAD, 8), CALL(rt_sigtimedwait, BAD, 0, (long)&ts, 8),
			CALL(rt_sigtimedwait, (long)&set, 0, BAD, 8), CALL(sigaltstack, BAD, 0),
			CALL(sigaltstack, 0, BAD), CALL(rt_sigqueueinfo, 0, SIGUSR1, BAD),
		};

		try_calls(calls, COUNT(calls));
	}
	return done();
}
