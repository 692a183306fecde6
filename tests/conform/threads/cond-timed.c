/* SPDX-License-Identifier: MIT */
/*
 * cond-timed - timed waits on both clocks return ETIMEDOUT, not early, and hold the mutex again. Catches
 * the FUTEX_CLOCK_REALTIME bit being ignored.
 */
#include "conform.h"

static void wait_until(clockid_t clock, const char *name)
{
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	pthread_condattr_t attr;
	pthread_cond_t c;
	long long start = now(clock);
	struct timespec ts = timespec(start + 20 * MS);

	zero(pthread_condattr_init(&attr));
	zero(pthread_condattr_setclock(&attr, clock));
	zero(pthread_cond_init(&c, &attr));
	zero(pthread_mutex_lock(&m));
	equal(pthread_cond_timedwait(&c, &m, &ts), ETIMEDOUT, "%s", name);
	check(now(clock) >= start + 20 * MS, "%s: not early", name);
	check(now(clock) < start + 3000 * MS, "%s: not very late", name);
	equal(pthread_mutex_trylock(&m), EBUSY, "%s: mutex held", name);
	ts = timespec(start - 1000 * MS);
	equal(pthread_cond_timedwait(&c, &m, &ts), ETIMEDOUT, "%s: in the past", name);
}

int main(void)
{
	wait_until(CLOCK_REALTIME, "realtime");
	wait_until(CLOCK_MONOTONIC, "monotonic");
	return done();
}
