/* SPDX-License-Identifier: MIT */
/*
 * nanosleep - nanosleep, usleep and clock_nanosleep on each clock sleep at least as long as asked, and not
 * seconds longer. Catches early returns and lost timers.
 */
#include "conform.h"

static void look(long long took, long long want, const char *name)
{
	check(took >= want, "%s: not early", name);
	check(took < want + 2000 * MS, "%s: not very late", name);
}

int main(void)
{
	static const long long lengths[] = { 0, 1, 1000, 1 * MS, 20 * MS };
	struct timespec ts;
	long long start;
	size_t i;

	for (i = 0; i < COUNT(lengths); i++) {
		ts = timespec(lengths[i]);
		start = now(CLOCK_MONOTONIC);
		must(nanosleep(&ts, NULL));
		look(now(CLOCK_MONOTONIC) - start, lengths[i], "nanosleep");
	}
	start = now(CLOCK_MONOTONIC);
	must(usleep(3000));
	look(now(CLOCK_MONOTONIC) - start, 3 * MS, "usleep");
	ts = timespec(3 * MS);
	start = now(CLOCK_REALTIME);
	zero(clock_nanosleep(CLOCK_REALTIME, 0, &ts, NULL));
	look(now(CLOCK_REALTIME) - start, 3 * MS, "realtime");
	start = now(CLOCK_BOOTTIME);
	zero(clock_nanosleep(CLOCK_BOOTTIME, 0, &ts, NULL));
	look(now(CLOCK_BOOTTIME) - start, 3 * MS, "boottime");
	ts.tv_nsec = 1000000000;
	fails(nanosleep(&ts, NULL), EINVAL, "too many nanoseconds");
	ts = (struct timespec){ -1, 0 };
	fails(nanosleep(&ts, NULL), EINVAL, "negative");
	equal(clock_nanosleep(77, 0, &ts, NULL), EINVAL, "unknown clock");
	ts = timespec(0);
	equal(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &ts, NULL), EINVAL, "thread CPU time");
	return done();
}
