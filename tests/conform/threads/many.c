/* SPDX-License-Identifier: MIT */
/*
 * many - 64 threads are alive at once, each with its own stack and result. Catches small fixed numbers
 * of threads.
 */
#include "conform.h"

static pthread_barrier_t all;
static _Atomic int alive;

static void *work(void *arg)
{
	uintptr_t mine = (uintptr_t)arg;

	alive++;
	pthread_barrier_wait(&all);
	return (void *)(mine * mine);
}

int main(void)
{
	pthread_t t[64];
	uintptr_t i, sum = 0;

	zero(pthread_barrier_init(&all, NULL, 65));
	for (i = 0; i < 64; i++)
		t[i] = thread(work, (void *)i);
	pthread_barrier_wait(&all);
	equal(alive, 64, "alive at once");
	for (i = 0; i < 64; i++)
		sum += (uintptr_t)join(t[i]);
	equal(sum, 85344, "results");
	return done();
}
