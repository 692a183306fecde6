/* SPDX-License-Identifier: MIT */
/*
 * timer-overrun - timer_getoverrun tells how many periods passed unhandled. Catches overruns that are always 0.
 */
#include "conform.h"

static timer_t timer;
static _Atomic int hits, overrun;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	if (++hits == 1)
		overrun = info->si_overrun == timer_getoverrun(timer) ? info->si_overrun : -1;
}

int main(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec spec = { timespec(1 * MS), timespec(1 * MS) };
	sigset_t set;

	handle(SIGUSR1, handler, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	must(timer_create(CLOCK_MONOTONIC, &event, &timer));
	must(timer_settime(timer, 0, &spec, NULL));
	sleep_ms(50);
	must(sigprocmask(SIG_UNBLOCK, &set, NULL));
	must(timer_delete(timer));
	check(overrun >= 40 && overrun < 10000, "about fifty periods");
	return done();
}
