/* SPDX-License-Identifier: MIT */
/*
 * mutex-pi - priority-inheritance mutexes exclude, block and time out like others. Catches FUTEX_LOCK_PI
 * and UNLOCK_PI.
 */
#include "conform.h"

static pthread_mutex_t m;
static long counter;

static void *count(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 3000; i++) {
		pthread_mutex_lock(&m);
		counter++;
		pthread_mutex_unlock(&m);
	}
	return NULL;
}

static void *late(void *arg)
{
	struct timespec ts = timespec(now(CLOCK_REALTIME) + 10 * MS);

	(void)arg;
	equal(pthread_mutex_trylock(&m), EBUSY, "trylock");
	equal(pthread_mutex_timedlock(&m, &ts), ETIMEDOUT, "timedlock");
	return NULL;
}

int main(void)
{
	pthread_mutexattr_t attr;
	pthread_t t[4];
	int i;

	zero(pthread_mutexattr_init(&attr));
	zero(pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT));
	zero(pthread_mutex_init(&m, &attr));
	for (i = 0; i < 4; i++)
		t[i] = thread(count, NULL);
	for (i = 0; i < 4; i++)
		join(t[i]);
	equal(counter, 12000, "exclusion");
	zero(pthread_mutex_lock(&m));
	join(thread(late, NULL));
	return done();
}
