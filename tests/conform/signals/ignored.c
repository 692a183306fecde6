/* SPDX-License-Identifier: MIT */
/*
 * ignored - signals ignored by default or by SIG_IGN do nothing and are not pending, not even while
 * blocked. Catches children's SIGCHLD and SIGURG ending programs.
 */
#include "conform.h"

int main(void)
{
	static const int by_default[] = { SIGCHLD, SIGURG, SIGWINCH, SIGCONT };
	sigset_t set, pending;
	size_t i;

	for (i = 0; i < COUNT(by_default); i++)
		equal(raise(by_default[i]), 0, "by default, %d", by_default[i]);
	signal(SIGTERM, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	equal(raise(SIGTERM), 0, "SIG_IGN");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	raise(SIGUSR2);
	signal(SIGUSR2, SIG_IGN);
	must(sigpending(&pending));
	equal(sigismember(&pending, SIGUSR2), 0, "ignoring drops a pending one");
	must(sigprocmask(SIG_UNBLOCK, &set, NULL));
	check(1, "still here");
	return done();
}
