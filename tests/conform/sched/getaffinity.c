/* SPDX-License-Identifier: MIT */
/*
 * getaffinity - sched_getaffinity gives at least one core, returns the bytes it wrote, EINVAL for too little
 * room and ESRCH for no thread. Catches libnuma and libomp hanging or aborting.
 */
#include "conform.h"

int main(void)
{
	unsigned long mask[128] = { 0 };
	cpu_set_t set;
	long n = syscall(SYS_sched_getaffinity, 0, sizeof(mask), mask);
	int cpu;

	check(n >= 8 && n % 8 == 0 && n <= (long)sizeof(mask), "bytes written");
	must(sched_getaffinity(0, sizeof(set), &set));
	check(CPU_COUNT(&set) > 0, "at least one core");
	cpu = sched_getcpu();
	check(cpu >= 0 && CPU_ISSET(cpu, &set), "the current one is among them");
	fails(syscall(SYS_sched_getaffinity, 0, 0, mask), EINVAL, "no room");
	fails(syscall(SYS_sched_getaffinity, 0, 9, mask), EINVAL, "room for half a word");
	fails(sched_getaffinity(0x3fffffff, sizeof(set), &set), ESRCH, "no such thread");
	fails(syscall(SYS_sched_getaffinity, 0, sizeof(set), NULL), EFAULT, "nowhere");
	return done();
}
