/* SPDX-License-Identifier: MIT */
/*
 * mutex-timed - timed locking of a held mutex gives up in time on either clock, and gets it when it is
 * freed. Catches absolute timeouts taken as relative.
 */
#include "conform.h"

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *late(void *arg)
{
	struct timespec ts = timespec(now(CLOCK_REALTIME) + 20 * MS);
	long long start = now(CLOCK_MONOTONIC);

	(void)arg;
	equal(pthread_mutex_timedlock(&m, &ts), ETIMEDOUT, "realtime");
	check(now(CLOCK_MONOTONIC) - start >= 19 * MS, "not early");
	ts = timespec(now(CLOCK_MONOTONIC) + 20 * MS);
	equal(pthread_mutex_clocklock(&m, CLOCK_MONOTONIC, &ts), ETIMEDOUT, "monotonic");
	ts = timespec(0);
	equal(pthread_mutex_timedlock(&m, &ts), ETIMEDOUT, "long past");
	ts.tv_nsec = 1000000000;
	equal(pthread_mutex_timedlock(&m, &ts), EINVAL, "no time");
	return NULL;
}

static void *lucky(void *arg)
{
	struct timespec ts = timespec(now(CLOCK_REALTIME) + 5000 * MS);

	(void)arg;
	return (void *)(uintptr_t)pthread_mutex_timedlock(&m, &ts);
}

int main(void)
{
	pthread_t t;

	zero(pthread_mutex_lock(&m));
	join(thread(late, NULL));
	t = thread(lucky, NULL);
	sleep_ms(5);
	zero(pthread_mutex_unlock(&m));
	equal((uintptr_t)join(t), 0, "freed in time");
	return done();
}
