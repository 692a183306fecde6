/* SPDX-License-Identifier: MIT */
/*
 * process - identity, limits, scheduling, memory and waiting: EFAULT for pointers to nowhere.
 */
#include "pointers.h"
#include <sys/prctl.h>
#include <sys/resource.h>

int main(void)
{
	const struct bad_call calls[] = {
		CALL(uname, BAD), CALL(sysinfo, BAD), CALL(getrlimit, RLIMIT_STACK, BAD),
		CALL(setrlimit, RLIMIT_STACK, BAD), CALL(prlimit64, 0, RLIMIT_STACK, 0, BAD),
		CALL(prlimit64, 0, RLIMIT_STACK, BAD, 0), CALL(getrusage, RUSAGE_SELF, BAD),
		CALL(sched_getaffinity, 0, 128, BAD), CALL(sched_setaffinity, 0, 128, BAD),
		CALL(sched_getparam, 0, BAD), CALL(sched_setparam, 0, BAD), CALL(sched_setscheduler, 0, 0, BAD),
		CALL(sched_rr_get_interval, 0, BAD), CALL(getcpu, BAD, 0, 0), CALL(getcpu, 0, BAD, 0),
		CALL(getresuid, BAD, BAD, BAD), CALL(getresgid, BAD, BAD, BAD), CALL(prctl, PR_SET_NAME, BAD),
		CALL(prctl, PR_GET_NAME, BAD), CALL(get_robust_list, 0, BAD, BAD), CALL(futex, BAD, 0, 0, 0, 0, 0),
		CALL(arch_prctl, 0x1003, BAD),
	};

	try_calls(calls, COUNT(calls));
	fails(syscall(SYS_mincore, anon(PAGE), PAGE, 16), EFAULT, "mincore");
	return done();
}
