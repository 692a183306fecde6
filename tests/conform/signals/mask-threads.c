/* SPDX-License-Identifier: MIT */
/*
 * mask-threads - masks belong to threads, are inherited at creation, and a process signal waits until some
 * thread lets it in. Catches one mask for all.
 */
#include "conform.h"

static _Atomic int hits, step;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	hits++;
}

static void *work(void *arg)
{
	sigset_t set;

	zero(pthread_sigmask(SIG_BLOCK, NULL, &set));
	equal(sigismember(&set, SIGUSR1), 1, "inherited");
	step = 1;
	until(step == 2);
	equal(hits, 0, "nobody takes it");
	zero(pthread_sigmask(SIG_UNBLOCK, &set, NULL));
	equal(hits, 1, "taken where it is let in");
	return arg;
}

int main(void)
{
	sigset_t set, mine, pending;
	pthread_t t;

	handle(SIGUSR1, handler, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	zero(pthread_sigmask(SIG_BLOCK, &set, NULL));
	t = thread(work, NULL);
	until(step == 1);
	must(kill(getpid(), SIGUSR1));
	must(sigpending(&pending));
	equal(sigismember(&pending, SIGUSR1), 1, "pending for the process");
	step = 2;
	join(t);
	zero(pthread_sigmask(SIG_BLOCK, NULL, &mine));
	equal(sigismember(&mine, SIGUSR1), 1, "this thread's mask is its own");
	return done();
}
