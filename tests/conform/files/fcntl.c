/* SPDX-License-Identifier: MIT */
/*
 * fcntl - descriptor and status flags are set, read and shared as they should; O_APPEND and O_NONBLOCK can
 * be switched. Catches flags kept per descriptor.
 */
#include "conform.h"

int main(void)
{
	int fd, copy, fl;

	enter_tempdir();
	fd = must(open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
	equal(fcntl(fd, F_GETFD), FD_CLOEXEC, "O_CLOEXEC");
	must(fcntl(fd, F_SETFD, 0));
	equal(fcntl(fd, F_GETFD), 0, "cleared");
	fl = must(fcntl(fd, F_GETFL));
	equal(fl & O_ACCMODE, O_RDWR, "access mode");
	copy = must(dup(fd));
	must(fcntl(fd, F_SETFL, fl | O_NONBLOCK | O_APPEND));
	check(fcntl(copy, F_GETFL) & O_NONBLOCK, "status flags are shared");
	must(fcntl(fd, F_SETFD, FD_CLOEXEC));
	equal(fcntl(copy, F_GETFD), 0, "descriptor flags are not");
	must(write(fd, "abc", 3));
	must(lseek(fd, 0, SEEK_SET));
	must(write(fd, "d", 1));
	equal(lseek(fd, 0, SEEK_CUR), 4, "O_APPEND switched on");
	fails(fcntl(fd, 9999, 0), EINVAL, "unknown command");
	fails(fcntl(999, F_GETFL), EBADF, "no descriptor");
	return done();
}
