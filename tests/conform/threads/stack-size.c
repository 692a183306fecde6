/* SPDX-License-Identifier: MIT */
/*
 * stack-size - a thread's stack has the size asked for, can be used to its end and is given by the program
 * if it likes. Catches stacks cut short.
 */
#include "conform.h"

static void *deep(void *arg)
{
	pthread_attr_t attr;
	size_t size = 0, room = (uintptr_t)arg - 32 * 1024;
	void *base = NULL;
	volatile char *low;

	zero(pthread_getattr_np(pthread_self(), &attr));
	zero(pthread_attr_getstack(&attr, &base, &size));
	zero(pthread_attr_destroy(&attr));
	low = (volatile char *)__builtin_alloca(room);
	low[0] = 1;
	low[room / 2] = 2;
	return (void *)(uintptr_t)(size >= (uintptr_t)arg && (char *)base <= (char *)(uintptr_t)low ?
		low[0] + low[room / 2] : 0);
}

static int run(pthread_attr_t *attr, size_t size)
{
	pthread_t t;

	zero(pthread_create(&t, attr, deep, (void *)size));
	return (int)(uintptr_t)join(t);
}

int main(void)
{
	pthread_attr_t attr;

	zero(pthread_attr_init(&attr));
	zero(pthread_attr_setstacksize(&attr, 64 * 1024));
	equal(run(&attr, 64 * 1024), 3, "64 KiB");
	zero(pthread_attr_setstacksize(&attr, 32 * MIB));
	equal(run(&attr, 32 * MIB), 3, "32 MiB");
	zero(pthread_attr_setstack(&attr, anon(MIB), MIB));
	equal(run(&attr, MIB), 3, "the program's own");
	equal(pthread_attr_setstacksize(&attr, 100), EINVAL, "too small");
	return done();
}
