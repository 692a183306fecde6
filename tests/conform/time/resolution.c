/* SPDX-License-Identifier: MIT */
/*
 * resolution - clock_getres, errors of the clock calls, and that clocks cannot be set by accident. Catches
 * zero resolutions.
 */
#include "conform.h"

int main(void)
{
	struct timespec ts = { -1, -1 };

	equal(clock_getres(CLOCK_MONOTONIC, &ts), 0, "monotonic");
	check(ts.tv_sec == 0 && ts.tv_nsec >= 1 && ts.tv_nsec <= 20000000, "its resolution");
	equal(clock_getres(CLOCK_REALTIME, NULL), 0, "nowhere to put it");
	equal(clock_getres(CLOCK_THREAD_CPUTIME_ID, &ts), 0, "thread CPU time");
	fails(clock_getres(77, &ts), EINVAL, "unknown clock");
	fails(clock_gettime(77, &ts), EINVAL, "its time");
	fails(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, NULL), EFAULT, "time to nowhere");
	fails(clock_settime(CLOCK_MONOTONIC, &ts), EINVAL, "set the monotonic clock");
	ts.tv_nsec = 2000000000;
	fails(clock_settime(CLOCK_REALTIME, &ts), EINVAL, "set no time");
	return done();
}
