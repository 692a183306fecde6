/* SPDX-License-Identifier: MIT */
/*
 * status - posix_spawn and waitpid: exit status, death by signal, nothing yet with WNOHANG, no children,
 * who it was. Catches a child that is not the program's.
 */
#include "conform.h"

static pid_t shell(const char *command)
{
	char text[128], sh[] = "sh", c[] = "-c", *argv[] = { sh, c, text, NULL };
	pid_t pid;

	snprintf(text, sizeof(text), "%s", command);
	zero(posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ));
	return pid;
}

int main(void)
{
	int status = 0;
	siginfo_t info = { 0 };
	char name[] = "/no/such/program", *argv[] = { name, NULL };
	pid_t pid;

	equal(wait_for(shell("exit 7")), 7, "exit status");
	equal(wait_for(shell("kill -TERM $$")), 128 + SIGTERM, "death by signal");
	pid = shell("sleep 100");
	must(kill(pid, SIGKILL));
	equal(wait_for(pid), 128 + SIGKILL, "killed by this program");
	pid = shell("sleep 0.05; exit 4");
	equal(waitpid(pid, &status, WNOHANG), 0, "nothing yet");
	must(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
	check(info.si_pid == pid && info.si_code == CLD_EXITED && info.si_status == 4, "waitid");
	equal(wait_for(pid), 4, "and the rest");
	fails(waitpid(-1, &status, 0), ECHILD, "no children");
	fails(waitpid(pid, &status, 0), ECHILD, "no longer");
	equal(posix_spawn(&pid, name, NULL, NULL, argv, environ), ENOENT, "no such program");
	equal(posix_spawn(&pid, "/dev/null", NULL, NULL, argv, environ), EACCES, "no program");
	return done();
}
