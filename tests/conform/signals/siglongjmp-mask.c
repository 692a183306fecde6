/* SPDX-License-Identifier: MIT */
/*
 * siglongjmp-mask - siglongjmp restores the mask saved by sigsetjmp, and leaves it when it was not saved. Catches
 * masks kept in the handler.
 */
#include "conform.h"

static sigjmp_buf out;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)info;
	(void)context;
	siglongjmp(out, sig);
}

static int blocked(void)
{
	sigset_t set;

	must(sigprocmask(SIG_BLOCK, NULL, &set));
	return sigismember(&set, SIGUSR1);
}

int main(void)
{
	handle(SIGUSR1, handler, 0);
	if (sigsetjmp(out, 1) == 0)
		raise(SIGUSR1);
	equal(blocked(), 0, "saved and restored");
	if (sigsetjmp(out, 0) == 0)
		raise(SIGUSR1);
	equal(blocked(), 1, "not saved");
	return done();
}
