/* SPDX-License-Identifier: MIT */
/*
 * vfork - vfork and exec: the parent waits, a failed exec is told through shared memory, inherited descriptors
 * work and those with O_CLOEXEC do not. Catches a child that is not suspended on.
 */
#include "conform.h"

static volatile int told;

int main(void)
{
	char text[] = "echo inherited >&9; echo x >&8 2>/dev/null; exit 6", sh[] = "sh", c[] = "-c";
	char *argv[] = { sh, c, text, NULL };
	char buffer[32] = "", *none[] = { sh, NULL };
	int fds[2];
	pid_t pid;

	must(pipe2(fds, O_CLOEXEC));
	must(dup2(fds[1], 9));
	must(dup3(fds[1], 8, O_CLOEXEC));
	pid = must(vfork());
	if (!pid) {
		execve("/bin/sh", argv, environ);
		_exit(99);
	}
	equal(wait_for(pid), 6, "exec");
	check(read(fds[0], buffer, 31) == 10 && !strcmp(buffer, "inherited\n"), "one descriptor is inherited");
	pid = must(vfork());
	if (!pid) {
		told = execve("/no/such/program", none, environ) < 0 ? errno : 0;
		_exit(1);
	}
	equal(told, ENOENT, "a failed exec");
	equal(wait_for(pid), 1, "its status");
	return done();
}
