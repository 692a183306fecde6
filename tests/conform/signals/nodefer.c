/* SPDX-License-Identifier: MIT */
/*
 * nodefer - a signal is blocked while its handler runs, unless SA_NODEFER, and so is what sa_mask says. Catches
 * recursive handlers.
 */
#include "conform.h"

static volatile int depth, deepest, calls;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)info;
	(void)context;
	depth++;
	if (depth > deepest)
		deepest = depth;
	if (++calls < 3)
		raise(sig);
	depth--;
}

static volatile int order[4], n;

static void outer(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	raise(SIGUSR2);
	order[n++] = 1;
}

static void inner(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	order[n++] = 2;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = outer, .sa_flags = SA_SIGINFO };

	handle(SIGUSR1, handler, 0);
	raise(SIGUSR1);
	equal(deepest, 1, "deferred");
	deepest = calls = 0;
	handle(SIGUSR1, handler, SA_NODEFER);
	raise(SIGUSR1);
	equal(deepest, 3, "nested with SA_NODEFER");
	handle(SIGUSR2, inner, 0);
	handle(SIGUSR1, outer, 0);
	raise(SIGUSR1);
	equal(order[0] * 10 + order[1], 21, "another signal comes in between");
	n = 0;
	sigaddset(&sa.sa_mask, SIGUSR2);
	must(sigaction(SIGUSR1, &sa, NULL));
	raise(SIGUSR1);
	equal(order[0] * 10 + order[1], 12, "unless sa_mask has it");
	return done();
}
