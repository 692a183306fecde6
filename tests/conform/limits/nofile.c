/* SPDX-License-Identifier: MIT */
/*
 * nofile - at the limit of descriptors open, pipe, socket and dup are EMFILE, and go on when one is
 * closed. Catches the proxy's own descriptors counting.
 */
#include "conform.h"
#include <sys/resource.h>
#include <sys/socket.h>

int main(void)
{
	struct rlimit r;
	int fd, last = -1, n = 0, fds[2];

	must(getrlimit(RLIMIT_NOFILE, &r));
	r.rlim_cur = 100;
	must(setrlimit(RLIMIT_NOFILE, &r));
	while ((fd = open("/dev/null", O_RDONLY)) >= 0) {
		last = fd;
		n++;
	}
	equal(errno, EMFILE, "open");
	equal(last, 99, "the last number");
	check(n >= 90, "nearly all were free");
	fails(pipe(fds), EMFILE, "pipe");
	fails(socket(AF_UNIX, SOCK_STREAM, 0), EMFILE, "socket");
	fails(dup(1), EMFILE, "dup");
	must(close(50));
	equal(open("/dev/null", O_RDONLY), 50, "the freed number");
	return done();
}
