/* SPDX-License-Identifier: MIT */
/*
 * monotonic - no clock goes back, by library or by system call, and both tell the same time. Catches a vDSO
 * that disagrees with its kernel.
 */
#include "conform.h"

static void look(clockid_t clock, const char *name)
{
	long long last = now(clock), first = last;
	int i, back = 0, apart = 0;
	struct timespec ts;

	for (i = 0; i < 2000; i++) {
		long long a = now(clock), b, c;

		must(syscall(SYS_clock_gettime, clock, &ts));
		b = ts.tv_sec * 1000000000ll + ts.tv_nsec;
		c = now(clock);
		back += a < last;
		apart += b < a || c < b;
		last = c;
	}
	equal(back, 0, "%s: never back", name);
	equal(apart, 0, "%s: system call between two library calls", name);
	while (now(clock) == first)
		sleep_ms(1);
	check(1, "%s: gets on", name);
}

int main(void)
{
	look(CLOCK_REALTIME, "realtime");
	look(CLOCK_MONOTONIC, "monotonic");
	look(CLOCK_MONOTONIC_RAW, "monotonic raw");
	look(CLOCK_BOOTTIME, "boottime");
	look(CLOCK_TAI, "tai");
	look(CLOCK_MONOTONIC_COARSE, "monotonic coarse");
	look(CLOCK_REALTIME_COARSE, "realtime coarse");
	return done();
}
