/* SPDX-License-Identifier: MIT */
/*
 * resethand - SA_RESETHAND runs the handler once and restores the default, by which the program then dies.
 * cases: =138
 */
#include "conform.h"

static void handler(int sig, siginfo_t *info, void *context)
{
	struct sigaction old;

	(void)info;
	(void)context;
	must(sigaction(sig, NULL, &old));
	check(old.sa_handler == SIG_DFL, "reset on entry");
}

int main(void)
{
	handle(SIGUSR1, handler, SA_RESETHAND);
	raise(SIGUSR1);
	check(1, "the first is handled");
	raise(SIGUSR1);
	check(0, "the second ends the program");
	return 0;
}
