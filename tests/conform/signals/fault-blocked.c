/* SPDX-License-Identifier: MIT */
/*
 * fault-blocked - a fault whose signal is blocked or ignored ends the program by that signal nonetheless. Catches
 * endless faulting.
 * cases: blocked=139 ignored=139
 */
#include "conform.h"

int main(int argc, char **argv)
{
	volatile char *volatile nowhere = NULL;
	sigset_t set;

	if (argc > 1 && !strcmp(argv[1], "ignored")) {
		signal(SIGSEGV, SIG_IGN);
	} else {
		sigemptyset(&set);
		sigaddset(&set, SIGSEGV);
		must(sigprocmask(SIG_BLOCK, &set, NULL));
	}
	check(1, "faults now");
	*nowhere = 1;
	check(0, "it ended the program");
	return 0;
}
