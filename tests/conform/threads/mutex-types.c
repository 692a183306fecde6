/* SPDX-License-Identifier: MIT */
/*
 * mutex-types - normal, recursive and error-checking mutexes answer as documented, and exclude. Catches tids
 * that differ between calls.
 */
#include "conform.h"

static pthread_mutex_t m;
static long counter;

static pthread_mutex_t *of_type(int type)
{
	pthread_mutexattr_t attr;

	zero(pthread_mutexattr_init(&attr));
	zero(pthread_mutexattr_settype(&attr, type));
	zero(pthread_mutex_init(&m, &attr));
	return &m;
}

static void *foreign_unlock(void *arg)
{
	return (void *)(uintptr_t)pthread_mutex_unlock(arg);
}

static void *count(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 20000; i++) {
		pthread_mutex_lock(&m);
		counter++;
		pthread_mutex_unlock(&m);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[4];
	int i;

	of_type(PTHREAD_MUTEX_ERRORCHECK);
	equal(pthread_mutex_unlock(&m), EPERM, "unlock of a free one");
	zero(pthread_mutex_lock(&m));
	equal(pthread_mutex_lock(&m), EDEADLK, "lock twice");
	equal((uintptr_t)join(thread(foreign_unlock, &m)), EPERM, "unlock of another's");
	of_type(PTHREAD_MUTEX_RECURSIVE);
	zero(pthread_mutex_lock(&m));
	equal(pthread_mutex_lock(&m), 0, "recursive");
	zero(pthread_mutex_unlock(&m));
	equal((uintptr_t)join(thread(foreign_unlock, &m)), EPERM, "still held");
	of_type(PTHREAD_MUTEX_NORMAL);
	for (i = 0; i < 4; i++)
		t[i] = thread(count, NULL);
	for (i = 0; i < 4; i++)
		join(t[i]);
	equal(counter, 80000, "exclusion");
	return done();
}
