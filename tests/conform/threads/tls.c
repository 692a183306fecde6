/* SPDX-License-Identifier: MIT */
/*
 * tls - each thread has its own initialised, zeroed and aligned thread-local variables. Catches TLS blocks
 * that are shared or not initialised.
 */
#include "conform.h"

static __thread int initialised = 17;
static __thread char zeroed[5000];
static __thread _Alignas(64) char aligned[64];

static void *work(void *arg)
{
	uintptr_t mine = (uintptr_t)arg;
	int n, bad = initialised != 17 || zeroed[0] || zeroed[4999] || (uintptr_t)aligned % 64;

	initialised = (int)mine;
	zeroed[4999] = (char)mine;
	for (n = 0; n < 50; n++) {
		sched_yield();
		bad += initialised != (int)mine || zeroed[4999] != (char)mine;
	}
	return (void *)(uintptr_t)bad;
}

int main(void)
{
	pthread_t t[16];
	uintptr_t i, bad = 0;

	for (i = 0; i < 16; i++)
		t[i] = thread(work, (void *)(i + 100));
	for (i = 0; i < 16; i++)
		bad += (uintptr_t)join(t[i]);
	equal(bad, 0, "own values in 16 threads");
	equal(initialised, 17, "the first thread's is untouched");
	return done();
}
