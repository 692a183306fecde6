/* SPDX-License-Identifier: MIT */
/*
 * by-system-call - getrlimit and setrlimit, the old calls, agree with prlimit64, which the C library uses. Go
 * makes them.
 */
#include "conform.h"
#include <sys/resource.h>

int main(void)
{
	struct rlimit old, new;
	int i, same = 0;

	for (i = 0; i < RLIMIT_NLIMITS; i++) {
		must(syscall(SYS_getrlimit, i, &old));
		must(syscall(SYS_prlimit64, 0, i, NULL, &new));
		same += old.rlim_cur == new.rlim_cur && old.rlim_max == new.rlim_max;
	}
	equal(same, RLIMIT_NLIMITS, "the same limits");
	must(getrlimit(RLIMIT_CORE, &old));
	old.rlim_cur = 0;
	equal(syscall(SYS_setrlimit, RLIMIT_CORE, &old), 0, "setrlimit");
	must(getrlimit(RLIMIT_CORE, &new));
	equal(new.rlim_cur, 0, "is kept");
	fails(syscall(SYS_getrlimit, 99, &old), EINVAL, "no such limit");
	return done();
}
