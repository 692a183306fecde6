/* SPDX-License-Identifier: MIT */
/*
 * none - files and pipes are no terminals: isatty, tcgetattr, window size and ttyname say so; without
 * controlling terminal /dev/tty does not open. Catches stdio that buffers by line.
 */
#include "conform.h"
#include <sys/ioctl.h>
#include <termios.h>

int main(void)
{
	struct termios t;
	struct winsize w;
	int fds[2];

	must(pipe(fds));
	errno = 0;
	check(!isatty(fds[0]) && errno == ENOTTY, "isatty of a pipe");
	check(!isatty(0), "isatty of /dev/null");
	errno = 0;
	check(!isatty(999) && errno == EBADF, "isatty of nothing");
	fails(tcgetattr(fds[0], &t), ENOTTY, "tcgetattr");
	fails(ioctl(fds[1], TIOCGWINSZ, &w), ENOTTY, "TIOCGWINSZ");
	check(ttyname(fds[0]) == NULL && errno == ENOTTY, "ttyname");
	fails(tcgetpgrp(fds[0]), ENOTTY, "tcgetpgrp");
	return done();
}
