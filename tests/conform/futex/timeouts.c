/* SPDX-License-Identifier: MIT */
/*
 * timeouts - a relative wait, an absolute one on the monotonic clock and one on the realtime clock end with
 * ETIMEDOUT, never early. Catches clocks mixed up.
 */
#include "futex.h"

static word a;

static void timed(int op, clockid_t clock, int absolute, const char *name)
{
	long long start = now(clock);
	struct timespec ts = timespec(15 * MS + (absolute ? start : 0));

	fails(futex(&a, op, 0, &ts, NULL, FUTEX_BITSET_MATCH_ANY), ETIMEDOUT, "%s", name);
	check(now(clock) - start >= 15 * MS, "%s: not early", name);
	check(now(clock) - start < 3000 * MS, "%s: not very late", name);
	if (absolute)
		ts = timespec(start - 1000 * MS);
	else
		ts = timespec(0);
	fails(futex(&a, op, 0, &ts, NULL, FUTEX_BITSET_MATCH_ANY), ETIMEDOUT, "%s: no time left", name);
}

int main(void)
{
	timed(FUTEX_WAIT_PRIVATE, CLOCK_MONOTONIC, 0, "relative");
	timed(FUTEX_WAIT, CLOCK_MONOTONIC, 0, "relative, shared");
	timed(FUTEX_WAIT_BITSET_PRIVATE, CLOCK_MONOTONIC, 1, "monotonic");
	timed(FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, CLOCK_REALTIME, 1, "realtime");
	return done();
}
