/* SPDX-License-Identifier: MIT */
/*
 * from-handler - exit and _exit from a signal handler end the program, also when the signal interrupted a
 * blocking call.
 * cases: fast=11 full=12
 */
#include "conform.h"

static int code;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	if (code == 11)
		_exit(code);
	exit(code);
}

int main(int argc, char **argv)
{
	code = argc > 1 && !strcmp(argv[1], "full") ? 12 : 11;
	handle(SIGALRM, handler, 0);
	check(1, "leaves from a handler");
	ualarm(5000, 0);
	for (;;)
		pause();
}
