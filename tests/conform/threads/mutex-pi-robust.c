/* SPDX-License-Identifier: MIT */
/*
 * mutex-pi-robust - a robust priority-inheritance mutex whose owner ends goes to who waits for it, or to who
 * comes next, with EOWNERDEAD. Catches waiters that wait for a dead thread.
 */
#include "conform.h"

static pthread_mutex_t m;
static _Atomic int held, waiting;

static void *leaver(void *arg)
{
	zero(pthread_mutex_lock(&m));
	held = 1;
	if (arg) {
		until(waiting);
		sleep_ms(20);
	}
	return NULL;
}

int main(void)
{
	pthread_mutexattr_t attr;
	pthread_t t;

	zero(pthread_mutexattr_init(&attr));
	zero(pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT));
	zero(pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST));
	zero(pthread_mutex_init(&m, &attr));
	join(thread(leaver, NULL));
	equal(pthread_mutex_lock(&m), EOWNERDEAD, "left by its owner");
	zero(pthread_mutex_consistent(&m));
	zero(pthread_mutex_unlock(&m));
	held = 0;
	t = thread(leaver, &held);
	until(held);
	waiting = 1;
	equal(pthread_mutex_lock(&m), EOWNERDEAD, "left while waited for");
	join(t);
	zero(pthread_mutex_consistent(&m));
	zero(pthread_mutex_unlock(&m));
	equal(pthread_mutex_lock(&m), 0, "like new");
	zero(pthread_mutex_unlock(&m));
	return done();
}
