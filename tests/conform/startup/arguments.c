/* SPDX-License-Identifier: MIT */
/*
 * arguments - argc, argv and envp are as given, also an empty argument and one of 100 KiB; the strings lie
 * in order above the stack.
 * args: first -empty- with=sign -big- last
 */
#include "conform.h"

int main(int argc, char **argv, char **envp)
{
	int i, n = 0;

	equal(argc, 6, "argc");
	check(!strcmp(argv[1], "first") && !strcmp(argv[3], "with=sign") && !strcmp(argv[5], "last"), "words");
	check(argv[2][0] == 0, "an empty one");
	equal(strlen(argv[4]), 102400, "a big one");
	for (i = 0; i < 102400; i++)
		n += argv[4][i] == 'x';
	equal(n, 102400, "all of it");
	check(argv[argc] == NULL, "null at the end");
	check(envp == argv + argc + 1 && envp == environ, "envp follows");
	for (i = 0; envp[i]; i++)
		if (!strchr(envp[i], '='))
			break;
	check(!envp[i], "variables");
	check(getenv("TMPDIR") != NULL, "TMPDIR came along");
	return done();
}
