// SPDX-License-Identifier: MIT
/*
 * missing.c - calls that have a place on the isle and are not served yet: the one list of them.
 *
 * Each answers ENOSYS and is counted and named in the log, like a call that never will be there.
 */
#include <kern/calls.h>
#include <kern/syscall.h>

#define MISSING_LIST(X) \
	X(57, fork)

#define DEFINE(nr, name) \
	int64_t sys_##name(const uint64_t arg[6]) \
	{ \
		(void)arg; \
		return syscall_unknown(nr); \
	}
MISSING_LIST(DEFINE)
