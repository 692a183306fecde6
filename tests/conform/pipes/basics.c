/* SPDX-License-Identifier: MIT */
/*
 * basics - pipe2 flags, end of file, FIONREAD, capacity, and writes of up to PIPE_BUF that are whole. Catches
 * end of file that never comes because the proxy holds the other end.
 */
#include "conform.h"
#include <sys/ioctl.h>

int main(void)
{
	char buffer[64] = "";
	int fds[2], n = 0, size;

	must(pipe2(fds, O_CLOEXEC | O_NONBLOCK));
	check(fcntl(fds[0], F_GETFD) == FD_CLOEXEC && fcntl(fds[1], F_GETFD) == FD_CLOEXEC, "O_CLOEXEC");
	check(fcntl(fds[0], F_GETFL) & O_NONBLOCK, "O_NONBLOCK");
	fails(read(fds[0], buffer, 1), EAGAIN, "empty");
	equal(write(fds[1], "hello", 5), 5, "write");
	must(ioctl(fds[0], FIONREAD, &n));
	equal(n, 5, "FIONREAD");
	equal(read(fds[0], buffer, 3), 3, "read a part");
	equal(read(fds[0], buffer + 3, 61), 2, "read the rest");
	size = must(fcntl(fds[0], F_GETPIPE_SZ));
	check(size >= 4096, "capacity");
	for (n = 0; write(fds[1], buffer, 64) == 64; n++)
		;
	check(errno == EAGAIN && n * 64 == size, "full");
	check(fcntl(fds[1], F_SETPIPE_SZ, 2 * size) >= size || errno == EPERM, "F_SETPIPE_SZ");
	must(close(fds[1]));
	while (read(fds[0], buffer, 64) > 0)
		n--;
	equal(n, 0, "all read");
	equal(read(fds[0], buffer, 64), 0, "end of file");
	fails(pipe2(fds, 0x1), EINVAL, "unknown flag");
	return done();
}
