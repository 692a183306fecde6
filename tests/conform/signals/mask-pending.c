/* SPDX-License-Identifier: MIT */
/*
 * mask-pending - a blocked signal stays pending, is seen by sigpending and comes when unblocked; SIGKILL
 * cannot be blocked. Catches lost and early signals.
 */
#include "conform.h"

static _Atomic int hits;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)info;
	(void)context;
	hits += sig == SIGUSR1;
}

int main(void)
{
	sigset_t set, old, pending;

	handle(SIGUSR1, handler, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGKILL);
	must(sigprocmask(SIG_BLOCK, &set, &old));
	raise(SIGUSR1);
	raise(SIGUSR1);
	equal(hits, 0, "blocked");
	must(sigpending(&pending));
	check(sigismember(&pending, SIGUSR1) == 1 && sigismember(&pending, SIGUSR2) == 0, "pending");
	must(sigprocmask(SIG_SETMASK, NULL, &set));
	check(sigismember(&set, SIGUSR1) == 1 && sigismember(&set, SIGKILL) == 0, "mask");
	must(sigprocmask(SIG_SETMASK, &old, NULL));
	equal(hits, 1, "delivered once on unblocking");
	must(sigpending(&pending));
	equal(sigismember(&pending, SIGUSR1), 0, "no longer pending");
	fails(sigprocmask(77, &set, NULL), EINVAL, "unknown way");
	return done();
}
