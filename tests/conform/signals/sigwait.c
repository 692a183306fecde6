/* SPDX-License-Identifier: MIT */
/*
 * sigwait - sigwait, sigwaitinfo and sigtimedwait take blocked signals without a handler; nothing within
 * the time is EAGAIN. Catches them missing signals sent before or while they wait.
 */
#include "conform.h"

static _Atomic int ready;

static void *sender(void *arg)
{
	until(ready);
	sleep_ms(10);
	zero(pthread_kill(*(pthread_t *)arg, SIGUSR2));
	sleep_ms(10);
	must(kill(getpid(), SIGUSR1));
	return NULL;
}

int main(void)
{
	struct timespec ts = timespec(10 * MS);
	pthread_t self = pthread_self(), t;
	long long start;
	siginfo_t info;
	sigset_t set;
	int sig = 0;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	zero(pthread_sigmask(SIG_BLOCK, &set, NULL));
	raise(SIGUSR1);
	zero(sigwait(&set, &sig));
	equal(sig, SIGUSR1, "sent before");
	must(sigqueue(getpid(), SIGUSR2, (union sigval){ .sival_int = 77 }));
	equal(sigwaitinfo(&set, &info), SIGUSR2, "sigwaitinfo");
	equal(info.si_value.sival_int, 77, "its value");
	start = now(CLOCK_MONOTONIC);
	fails(sigtimedwait(&set, &info, &ts), EAGAIN, "nothing comes");
	check(now(CLOCK_MONOTONIC) - start >= 10 * MS, "not early");
	t = thread(sender, &self);
	ready = 1;
	zero(sigwait(&set, &sig));
	equal(sig, SIGUSR2, "sent to the thread while it waits");
	zero(sigwait(&set, &sig));
	equal(sig, SIGUSR1, "sent to the process while it waits");
	join(t);
	ts.tv_nsec = -1;
	fails(sigtimedwait(&set, &info, &ts), EINVAL, "no time");
	return done();
}
