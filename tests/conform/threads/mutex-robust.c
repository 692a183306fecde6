/* SPDX-License-Identifier: MIT */
/*
 * mutex-robust - a robust mutex whose owner died gives EOWNERDEAD to the next, also to one that waits;
 * it can be made consistent or lost. Catches robust lists that are not walked at thread exit.
 */
#include "conform.h"

static pthread_mutex_t m;
static _Atomic int held;

static void *die_with(void *arg)
{
	zero(pthread_mutex_lock(&m));
	held = 1;
	if (arg)
		sleep_ms(10);
	return NULL;
}

int main(void)
{
	pthread_mutexattr_t attr;
	pthread_t t;

	zero(pthread_mutexattr_init(&attr));
	zero(pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST));
	zero(pthread_mutex_init(&m, &attr));
	join(thread(die_with, NULL));
	equal(pthread_mutex_lock(&m), EOWNERDEAD, "owner died before");
	zero(pthread_mutex_consistent(&m));
	zero(pthread_mutex_unlock(&m));
	equal(pthread_mutex_trylock(&m), 0, "consistent again");
	zero(pthread_mutex_unlock(&m));
	held = 0;
	t = thread(die_with, &m);
	until(held);
	equal(pthread_mutex_lock(&m), EOWNERDEAD, "owner died while waited for");
	join(t);
	zero(pthread_mutex_unlock(&m));
	equal(pthread_mutex_lock(&m), ENOTRECOVERABLE, "left inconsistent");
	return done();
}
