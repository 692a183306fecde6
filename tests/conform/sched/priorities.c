/* SPDX-License-Identifier: MIT */
/*
 * priorities - priority ranges of the policies, getpriority and nice. Catches zeroes where programs scale
 * by the range.
 */
#include "conform.h"
#include <sys/resource.h>

int main(void)
{
	struct timespec slice = { -1, -1 };

	equal(sched_get_priority_min(SCHED_FIFO), 1, "fifo from");
	equal(sched_get_priority_max(SCHED_FIFO), 99, "fifo to");
	equal(sched_get_priority_min(SCHED_RR), 1, "rr from");
	equal(sched_get_priority_max(SCHED_RR), 99, "rr to");
	equal(sched_get_priority_max(SCHED_OTHER), 0, "other");
	fails(sched_get_priority_max(77), EINVAL, "unknown");
	errno = 0;
	check(getpriority(PRIO_PROCESS, 0) <= 19 && !errno, "getpriority");
	equal(setpriority(PRIO_PROCESS, 0, 10), 0, "setpriority");
	equal(getpriority(PRIO_PROCESS, 0), 10, "is kept");
	errno = 0;
	equal(nice(2), 12, "nice");
	equal(sched_rr_get_interval(0, &slice), 0, "interval");
	check(slice.tv_sec >= 0 && slice.tv_nsec >= 0, "is a time");
	return done();
}
