/* SPDX-License-Identifier: MIT */
/*
 * status - /proc/self/status has name, pid, threads, allowed cores and nodes; libnuma stops without the last.
 */
#include "conform.h"

static _Atomic int leave;

static void *idle(void *arg)
{
	while (!leave)
		sleep_ms(1);
	return arg;
}

static long number(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

int main(void)
{
	char *text = slurp("/proc/self/status"), *at;
	unsigned long mask = 0;
	cpu_set_t set;
	pthread_t t;

	check(!strncmp(text, "Name:\tstatus", 12), "name");
	equal(number(text, "\nPid:\t") == getpid(), 1, "pid");
	equal(number(text, "\nTgid:\t") == getpid(), 1, "tgid");
	equal(number(text, "\nPPid:\t") == getppid(), 1, "parent");
	equal(number(text, "\nThreads:\t"), 1, "one thread");
	equal(number(text, "\nUid:\t") == getuid(), 1, "uid");
	check(number(text, "\nVmRSS:\t") > 0 && number(text, "\nVmSize:\t") > 0, "memory");
	check(strstr(text, "\nMems_allowed:\t") && strstr(text, "\nMems_allowed_list:\t"), "nodes");
	must(sched_getaffinity(0, sizeof(set), &set));
	at = strstr(text, "\nCpus_allowed:\t");
	at = at ? strchr(at + 1, '\n') : NULL;
	while (at && at[-1] != ',' && at[-1] != '\t')
		at--;
	mask = at ? strtoul(at, NULL, 16) : 0;
	/* Linux counts cores that are offline in, an isle has none. */
	equal((((unsigned long *)&set)[0] & 0xffffffff & ~mask) == 0 && mask, 1, "cores");
	t = thread(idle, NULL);
	equal(number(slurp("/proc/self/status"), "\nThreads:\t"), 2, "two threads");
	leave = 1;
	join(t);
	return done();
}
