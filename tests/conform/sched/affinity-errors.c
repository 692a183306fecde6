/* SPDX-License-Identifier: MIT */
/*
 * affinity-errors - a mask without usable cores is EINVAL, an unknown thread ESRCH, extra bits are
 * ignored. Catches masks taken as they come.
 */
#include "conform.h"

int main(void)
{
	cpu_set_t all, set;
	unsigned long big[64];

	must(sched_getaffinity(0, sizeof(all), &all));
	CPU_ZERO(&set);
	fails(sched_setaffinity(0, sizeof(set), &set), EINVAL, "empty");
	CPU_SET(CPU_SETSIZE - 1, &set);
	fails(sched_setaffinity(0, sizeof(set), &set), EINVAL, "no such core");
	fails(sched_setaffinity(0x3fffffff, sizeof(all), &all), ESRCH, "no such thread");
	fails(syscall(SYS_sched_setaffinity, 0, sizeof(set), 1), EFAULT, "nowhere");
	memset(big, 0xff, sizeof(big));
	equal(syscall(SYS_sched_setaffinity, 0, sizeof(big), big), 0, "all bits");
	must(sched_getaffinity(0, sizeof(set), &set));
	check(CPU_EQUAL(&set, &all), "are cut to what there is");
	return done();
}
