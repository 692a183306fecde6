/* SPDX-License-Identifier: MIT */
/*
 * sigsuspend - sigsuspend swaps the mask, waits, runs the handler and restores the mask, in one step. Catches
 * the race between unblock and wait.
 */
#include "conform.h"

static volatile int hits;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	hits++;
}

int main(void)
{
	sigset_t set, none, after;
	int i;

	handle(SIGUSR1, handler, 0);
	sigemptyset(&none);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	for (i = 1; i <= 50; i++) {
		must(kill(getpid(), SIGUSR1));
		if (sigsuspend(&none) != -1 || errno != EINTR || hits != i)
			break;
	}
	equal(hits, 50, "each pending one is taken");
	must(sigprocmask(SIG_BLOCK, NULL, &after));
	equal(sigismember(&after, SIGUSR1), 1, "the mask is back");
	return done();
}
