/* SPDX-License-Identifier: MIT */
/*
 * pids - pid, parent, group and session are those Linux has for the process; a child's parent is this
 * program. Catches an isle with numbers of its own.
 */
#include "conform.h"

int main(int argc, char **argv)
{
	char link[64];
	ssize_t n;

	if (argc > 1)
		return getppid() == atoi(argv[1]) ? 0 : 1;
	n = must(readlink("/proc/self", link, sizeof(link) - 1));
	link[n] = 0;
	equal(atoi(link) == getpid(), 1, "/proc/self");
	equal(syscall(SYS_getpid) == getpid(), 1, "by system call");
	check(getppid() > 0 && syscall(SYS_getppid) == getppid(), "parent");
	check(getpgrp() == getpgid(0) && getpgid(getpid()) == getpgrp(), "group");
	/* 0 where the leader lives outside this pid namespace. */
	check(getsid(0) >= 0 && syscall(SYS_getsid, getpid()) == getsid(0), "session");
	snprintf(link, sizeof(link), "%d", getpid());
	equal(wait_for(spawn_self(link)), 0, "a child's parent");
	fails(getpgid(0x3fffffff), ESRCH, "group of nobody");
	fails(setpgid(getpid(), 0x3ffffff), EPERM, "a group that is not there");
	return done();
}
