/* SPDX-License-Identifier: MIT */
/*
 * sigpipe-default - a program that writes to a pipe nobody reads dies by SIGPIPE, with that status.
 * cases: =141
 */
#include "conform.h"

int main(void)
{
	int fds[2];

	must(pipe(fds));
	must(close(fds[0]));
	check(1, "writes now");
	check(write(fds[1], "x", 1) < 0, "not reached");
	check(0, "it ended the program");
	return 0;
}
