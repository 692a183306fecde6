/* SPDX-License-Identifier: MIT */
/*
 * poll - poll tells readable, writable, hung up, error and invalid, and keeps its timeout. Catches revents
 * not written back.
 */
#include "conform.h"
#include <poll.h>

int main(void)
{
	struct pollfd p[3] = { { 0 } };
	int fds[2], other[2];
	long long start;

	must(pipe(fds));
	must(pipe(other));
	p[0] = (struct pollfd){ fds[0], POLLIN, 0x7fff };
	p[1] = (struct pollfd){ fds[1], POLLOUT, 0 };
	p[2] = (struct pollfd){ -1, POLLIN, 0x7fff };
	equal(poll(p, 3, 0), 1, "one is ready");
	equal(p[0].revents * 1000000 + p[1].revents * 1000 + p[2].revents, POLLOUT * 1000, "which");
	must(write(fds[1], "x", 1));
	equal(poll(p, 1, -1), 1, "readable");
	equal(p[0].revents, POLLIN, "POLLIN");
	must(close(fds[1]));
	poll(p, 1, 0);
	equal(p[0].revents, POLLIN | POLLHUP, "hung up with data left");
	p[0].fd = other[1];
	must(close(other[0]));
	poll(p, 1, 0);
	equal(p[0].revents, POLLERR, "no reader");
	p[0].fd = 999;
	equal(poll(p, 1, 1000), 1, "an invalid one");
	equal(p[0].revents, POLLNVAL, "POLLNVAL");
	start = now(CLOCK_MONOTONIC);
	p[0].fd = -1;
	equal(poll(p, 1, 20), 0, "the time is up");
	check(now(CLOCK_MONOTONIC) - start >= 20 * MS, "not early");
	equal(poll(NULL, 0, 5), 0, "just time");
	fails(syscall(SYS_poll, 16, 1, 0), EFAULT, "nowhere");
	return done();
}
