/* SPDX-License-Identifier: MIT */
/*
 * timer-signal - a POSIX timer sends its signal with its value, once or periodically, counts overruns,
 * and stops when disarmed or deleted. Catches timers made of nothing but alarm.
 */
#include "conform.h"

static _Atomic int hits, value, code;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	value = info->si_value.sival_int;
	code = info->si_code;
	hits++;
}

int main(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 99 };
	struct itimerspec spec = { timespec(0), timespec(3 * MS) }, left;
	sigset_t set;
	timer_t timer;
	int n;

	handle(SIGRTMIN, handler, 0);
	must(timer_create(CLOCK_MONOTONIC, &event, &timer));
	must(timer_settime(timer, 0, &spec, NULL));
	until(hits == 1);
	equal(value, 99, "value");
	equal(code, SI_TIMER, "si_code");
	sleep_ms(10);
	equal(hits, 1, "once");
	spec.it_interval = timespec(2 * MS);
	must(timer_settime(timer, 0, &spec, NULL));
	until(hits >= 6);
	check(1, "periodic");
	must(timer_gettime(timer, &left));
	check(left.it_interval.tv_nsec == 2 * MS && left.it_value.tv_sec == 0 && left.it_value.tv_nsec <= 3 * MS,
		"gettime");
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	sleep_ms(30);
	n = hits;
	must(sigprocmask(SIG_UNBLOCK, &set, NULL));
	check(hits >= n + 1 && hits <= n + 3, "queued once while blocked");
	spec = (struct itimerspec){ timespec(0), timespec(0) };
	must(timer_settime(timer, 0, &spec, NULL));
	n = hits;
	sleep_ms(10);
	equal(hits, n, "disarmed");
	must(timer_delete(timer));
	fails(timer_delete(timer), EINVAL, "deleted");
	fails(timer_create(77, &event, &timer), EINVAL, "unknown clock");
	return done();
}
