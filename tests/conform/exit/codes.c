/* SPDX-License-Identifier: MIT */
/*
 * codes - the exit status is the low eight bits, by exit, _exit, return and the bare call.
 * cases: return-0=0 return-1=1 exit-42=42 exit-255=255 exit-256=0 exit--1=255 fast-77=77 group-5=5 quick-6=6
 */
#include "conform.h"

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "return-0";
	int code = atoi(strchr(how, '-') + 1);

	check(1, "%s", how);
	switch (how[0]) {
	case 'r': return code;
	case 'e': exit(code);
	case 'f': _exit(code);
	case 'q': quick_exit(code);
	default: syscall(SYS_exit_group, code);
	}
	return 99;
}
