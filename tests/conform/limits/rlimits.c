/* SPDX-License-Identifier: MIT */
/*
 * rlimits - every limit can be read by getrlimit and prlimit, soft limits lowered and raised, bad ones
 * refused. Catches zeroes where programs size stacks and tables.
 */
#include "conform.h"
#include <sys/resource.h>

int main(void)
{
	struct rlimit r, old;
	int i, good = 0;

	for (i = 0; i < RLIMIT_NLIMITS; i++)
		good += getrlimit((unsigned int)i, &r) == 0 && r.rlim_cur <= r.rlim_max;
	equal(good, RLIMIT_NLIMITS, "all readable");
	must(getrlimit(RLIMIT_STACK, &r));
	check(r.rlim_cur >= 64 * 1024, "stack");
	must(getrlimit(RLIMIT_NOFILE, &r));
	check(r.rlim_cur >= 64, "descriptors");
	old = r;
	r.rlim_cur = 50;
	must(setrlimit(RLIMIT_NOFILE, &r));
	fails(fcntl(1, F_DUPFD, 50), EINVAL, "lowered");
	check(fcntl(1, F_DUPFD, 49) == 49, "the last one");
	equal(sysconf(_SC_OPEN_MAX), 50, "sysconf follows");
	must(prlimit(0, RLIMIT_NOFILE, &old, &r));
	equal(r.rlim_cur, 50, "prlimit gives the old one");
	check(fcntl(1, F_DUPFD, 60) == 60, "raised again");
	r = (struct rlimit){ 10, 5 };
	fails(setrlimit(RLIMIT_NOFILE, &r), EINVAL, "soft above hard");
	fails(getrlimit(99, &r), EINVAL, "no such limit");
	return done();
}
