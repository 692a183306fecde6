/* SPDX-License-Identifier: MIT */
/*
 * unit.h - what the unit tests of the isle kernel share: a panic that is expected.
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include "check.h"

#include <sys/wait.h>

#include <arch/host.h>

#define PANICKED  42

CHECK_UNUSED static void panic_exit(const char *text)
{
	printf("# panic: %s\n", text);
	fflush(stdout);
	_exit(PANICKED);
}

/* The statement must panic: it runs in a child, because the kernel's state is lost then. */
#define EXPECT_PANIC(statement) \
	do { \
		int unit_status = 0; \
		pid_t unit_pid; \
		fflush(stdout); \
		unit_pid = fork(); \
		if (unit_pid == 0) { \
			host_panic = panic_exit; \
			statement; \
			_exit(0); \
		} \
		waitpid(unit_pid, &unit_status, 0); \
		EXPECT_THAT(WIFEXITED(unit_status) && WEXITSTATUS(unit_status) == PANICKED, \
			    "%s does not panic (status %#x)", #statement, unit_status); \
	} while (0)

/* The same numbers in every run: splitmix64 (Steele, Lea, Flood 2014). */
CHECK_UNUSED static unsigned long long unit_random(void)
{
	static unsigned long long state = 1;
	unsigned long long z = state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

#endif
