/* SPDX-License-Identifier: MIT */
/*
 * sleep-absolute - an absolute sleep ends at its time on either clock, at once if that is past. Catches
 * TIMER_ABSTIME being ignored, with which periodic programs drift or hang.
 */
#include "conform.h"

static void look(clockid_t clock, const char *name)
{
	long long start = now(clock);
	struct timespec ts;
	int i, early = 0;

	for (i = 1; i <= 5; i++) {
		ts = timespec(start + i * 4 * MS);
		zero(clock_nanosleep(clock, TIMER_ABSTIME, &ts, NULL));
		early += now(clock) < start + i * 4 * MS;
	}
	equal(early, 0, "%s: not early", name);
	check(now(clock) < start + 3000 * MS, "%s: not very late", name);
	ts = timespec(start - 1000 * MS);
	start = now(clock);
	zero(clock_nanosleep(clock, TIMER_ABSTIME, &ts, NULL));
	check(now(clock) - start < 1000 * MS, "%s: past", name);
}

int main(void)
{
	look(CLOCK_MONOTONIC, "monotonic");
	look(CLOCK_REALTIME, "realtime");
	return done();
}
