/* SPDX-License-Identifier: MIT */
/*
 * select - select changes its sets to what is ready, tells how many, and keeps its timeout. Catches sets
 * cut to 64 bits.
 */
#include "conform.h"
#include <sys/select.h>

int main(void)
{
	struct timeval tv = { 0, 10000 };
	fd_set in, out;
	int fds[2], high;
	long long start;

	must(pipe(fds));
	high = must(fcntl(fds[0], F_DUPFD, 700));
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(high, &in);
	FD_SET(fds[0], &in);
	FD_SET(fds[1], &out);
	equal(select(high + 1, &in, &out, NULL, &tv), 1, "one ready");
	check(!FD_ISSET(high, &in) && !FD_ISSET(fds[0], &in) && FD_ISSET(fds[1], &out), "which");
	must(write(fds[1], "x", 1));
	FD_SET(high, &in);
	FD_SET(fds[0], &in);
	equal(select(high + 1, &in, &out, NULL, NULL), 3, "three ready");
	check(FD_ISSET(high, &in), "a high number");
	start = now(CLOCK_MONOTONIC);
	tv = (struct timeval){ 0, 20000 };
	equal(select(0, NULL, NULL, NULL, &tv), 0, "just time");
	check(now(CLOCK_MONOTONIC) - start >= 20 * MS, "not early");
	FD_ZERO(&in);
	FD_SET(999, &in);
	fails(select(1000, &in, NULL, NULL, NULL), EBADF, "no descriptor");
	fails(select(-1, NULL, NULL, NULL, &tv), EINVAL, "negative number");
	return done();
}
