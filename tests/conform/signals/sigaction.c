/* SPDX-License-Identifier: MIT */
/*
 * sigaction - sigaction returns what was set before, keeps flags and mask, and refuses SIGKILL, SIGSTOP and
 * no signals. Catches stored fields that differ from the given ones.
 */
#include "conform.h"

static void handler(int sig)
{
	(void)sig;
}

int main(void)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_RESTART | SA_NODEFER }, old;

	sigemptyset(&sa.sa_mask);
	sigaddset(&sa.sa_mask, SIGUSR2);
	must(sigaction(SIGUSR1, NULL, &old));
	check(old.sa_handler == SIG_DFL, "default at first");
	equal(sigaction(SIGUSR1, &sa, NULL), 0, "set");
	must(sigaction(SIGUSR1, NULL, &old));
	check(old.sa_handler == handler, "handler");
	equal(old.sa_flags & (SA_RESTART | SA_NODEFER | SA_SIGINFO), SA_RESTART | SA_NODEFER, "flags");
	check(sigismember(&old.sa_mask, SIGUSR2) == 1 && sigismember(&old.sa_mask, SIGINT) == 0, "mask");
	check(signal(SIGUSR1, SIG_IGN) == handler, "signal returns the handler");
	fails(sigaction(SIGKILL, &sa, NULL), EINVAL, "SIGKILL");
	fails(sigaction(SIGSTOP, &sa, NULL), EINVAL, "SIGSTOP");
	fails(sigaction(65, &sa, NULL), EINVAL, "65");
	fails(sigaction(0, &sa, NULL), EINVAL, "0");
	equal(sigaction(SIGKILL, NULL, &old), 0, "SIGKILL may be asked for");
	fails(syscall(SYS_rt_sigaction, SIGUSR1, &sa, NULL, 4), EINVAL, "size of the mask");
	return done();
}
