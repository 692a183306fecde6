/* SPDX-License-Identifier: MIT */
/*
 * from-outside - a signal that another Linux process sends reaches the program's handler with that sender;
 * one it ignores does not harm. Catches signals that stop at the proxy.
 */
#include "conform.h"

static _Atomic int hits, sender;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	sender = info->si_pid;
	hits++;
}

int main(void)
{
	char command[64], *argv[] = { "sh", "-c", command, NULL };
	pid_t child;

	handle(SIGUSR1, handler, SA_RESTART);
	signal(SIGUSR2, SIG_IGN);
	snprintf(command, sizeof(command), "kill -USR2 %d; kill -USR1 %d", getpid(), getpid());
	zero(posix_spawn(&child, "/bin/sh", NULL, NULL, argv, environ));
	until(hits);
	check(sender == child, "its sender");
	equal(wait_for(child), 0, "which is done");
	equal(hits, 1, "once");
	return done();
}
