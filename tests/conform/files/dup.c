/* SPDX-License-Identifier: MIT */
/*
 * dup - dup takes the lowest number, dup2 and dup3 the one asked for, fcntl one from a bound; closing one
 * leaves the other. Catches numbers that differ between the program and the proxy.
 */
#include "conform.h"

int main(void)
{
	int fd, a, b;

	enter_tempdir();
	fd = make_file("f", "hello", 5);
	a = must(dup(fd));
	must(close(a));
	b = must(dup(fd));
	equal(a - b, 0, "lowest free number");
	equal(dup2(fd, 123), 123, "dup2");
	equal(dup2(fd, fd), fd, "dup2 onto itself");
	fails(dup3(fd, fd, 0), EINVAL, "dup3 onto itself");
	equal(dup3(fd, 124, O_CLOEXEC), 124, "dup3");
	equal(fcntl(124, F_GETFD), FD_CLOEXEC, "dup3 with O_CLOEXEC");
	equal(fcntl(fd, F_DUPFD, 200), 200, "F_DUPFD");
	equal(fcntl(fd, F_DUPFD, 200), 201, "the next one");
	equal(fcntl(fd, F_DUPFD_CLOEXEC, 200), 202, "F_DUPFD_CLOEXEC");
	must(close(fd));
	equal(lseek(123, 0, SEEK_END), 5, "lives on");
	fails(close(fd), EBADF, "closed twice");
	fails(dup(fd), EBADF, "dup of a closed one");
	fails(dup2(fd, 5), EBADF, "dup2 of a closed one");
	fails(dup2(123, 1 << 30), EBADF, "dup2 beyond the limit");
	return done();
}
