/* SPDX-License-Identifier: MIT */
/*
 * stat - /proc/self/stat has pid, name, parent, group and threads where programs parse them; UCX reads the
 * start time.
 */
#include "conform.h"

int main(void)
{
	char *text = slurp("/proc/self/stat"), *rest = strrchr(text, ')'), state = 0;
	unsigned long long start = 0;
	int ppid = 0, pgrp = 0, threads = 0;

	check(atoi(text) == getpid(), "pid");
	check(strstr(text, "(stat") != NULL && rest, "name");
	equal(sscanf(rest + 2, "%c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %d %*d %llu",
		     &state, &ppid, &pgrp, &threads, &start), 5, "fields");
	check(state == 'R', "running");
	check(ppid == getppid() && pgrp == getpgrp(), "parent and group");
	equal(threads, 1, "threads");
	check(start > 0, "start time");
	check(strtoul(slurp("/proc/self/statm"), NULL, 10) > 0, "statm");
	check(strstr(slurp("/proc/self/limits"), "Max open files") != NULL, "limits");
	return done();
}
