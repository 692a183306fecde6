/* SPDX-License-Identifier: MIT */
/*
 * sigchld - SIGCHLD tells which child ended how; with SIG_IGN there are no zombies. Catches the proxy taking
 * the signal.
 */
#include "conform.h"

static volatile siginfo_t seen;
static _Atomic int hits;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	seen = *info;
	hits++;
}

int main(int argc, char **argv)
{
	int status;
	pid_t pid;

	if (argc > 1)
		return atoi(argv[1]);
	handle(SIGCHLD, handler, SA_RESTART);
	pid = spawn_self("9");
	until(hits);
	check(seen.si_pid == pid, "which");
	equal(seen.si_code, CLD_EXITED, "how");
	equal(seen.si_status, 9, "status");
	equal(wait_for(pid), 9, "waitpid");
	signal(SIGCHLD, SIG_IGN);
	pid = spawn_self("0");
	fails(waitpid(pid, &status, 0), ECHILD, "ignored: no zombie");
	return done();
}
