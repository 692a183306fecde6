/* SPDX-License-Identifier: MIT */
/*
 * create-join - a thread gets its argument, runs and hands its result to pthread_join; joining itself is
 * EDEADLK. Catches clone with wrong stack, TLS or CHILD_CLEARTID.
 */
#include "conform.h"

static void *twice(void *arg)
{
	return (char *)arg + (uintptr_t)arg;
}

static void *out(void *arg)
{
	pthread_exit((char *)arg + 1);
}

int main(void)
{
	equal((uintptr_t)join(thread(twice, (void *)21)), 42, "returned");
	equal((uintptr_t)join(thread(out, (void *)6)), 7, "pthread_exit");
	equal(pthread_join(pthread_self(), NULL), EDEADLK, "join of oneself");
	return done();
}
