/* SPDX-License-Identifier: MIT */
/*
 * system - the files of the whole system that libraries read: boot id, host name, ptrace scope or its absence,
 * mounts, overcommit, random. Catches an overlay that hides what must be real.
 */
#include "conform.h"

int main(void)
{
	char name[256];

	check(strlen(slurp("/proc/sys/kernel/random/boot_id")) == 37, "boot id");
	must(gethostname(name, sizeof(name)));
	check(!strncmp(slurp("/proc/sys/kernel/hostname"), name, strlen(name)), "host name");
	check(strstr(slurp("/proc/mounts"), " / ") != NULL, "mounts");
	check(strchr("012", slurp("/proc/sys/vm/overcommit_memory")[0]) != NULL, "overcommit");
	check(strncmp(slurp("/proc/version"), "Linux version ", 14) == 0, "version");
	check(atof(slurp("/proc/uptime")) > 0, "uptime");
	check(access("/proc/self/ns/pid", F_OK) == 0, "name spaces");
	check(strchr(slurp("/proc/self/cgroup"), ':') != NULL, "cgroup");
	return done();
}
