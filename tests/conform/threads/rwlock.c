/* SPDX-License-Identifier: MIT */
/*
 * rwlock - readers share, a writer is alone, try and timed forms say EBUSY and ETIMEDOUT. Catches lost
 * updates and wake-ups.
 */
#include "conform.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int a, b;
static _Atomic int torn;

static void *writer(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 2000; i++) {
		pthread_rwlock_wrlock(&lock);
		a++;
		b++;
		pthread_rwlock_unlock(&lock);
	}
	return NULL;
}

static void *reader(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 2000; i++) {
		pthread_rwlock_rdlock(&lock);
		torn += a != b;
		pthread_rwlock_unlock(&lock);
	}
	return NULL;
}

static void *try_both(void *arg)
{
	struct timespec ts = timespec(now(CLOCK_REALTIME) + 5 * MS);

	(void)arg;
	equal(pthread_rwlock_tryrdlock(&lock), 0, "a second reader");
	zero(pthread_rwlock_unlock(&lock));
	equal(pthread_rwlock_trywrlock(&lock), EBUSY, "no writer beside a reader");
	equal(pthread_rwlock_timedwrlock(&lock, &ts), ETIMEDOUT, "not even later");
	return NULL;
}

int main(void)
{
	pthread_t t[4];
	int i;

	for (i = 0; i < 4; i++)
		t[i] = thread(i % 2 ? writer : reader, NULL);
	for (i = 0; i < 4; i++)
		join(t[i]);
	equal(a + b, 8000, "updates");
	equal(torn, 0, "readers see whole updates");
	zero(pthread_rwlock_rdlock(&lock));
	join(thread(try_both, NULL));
	return done();
}
