/* SPDX-License-Identifier: MIT */
/*
 * barrier - four threads pass a barrier two hundred times in step, and exactly one is told to be the serial
 * one. Catches lost wake-ups.
 */
#include "conform.h"

static pthread_barrier_t barrier;
static _Atomic int serial, early;
static int step[4];

static void *work(void *arg)
{
	int me = (int)(uintptr_t)arg, i, j;

	for (i = 1; i <= 200; i++) {
		step[me] = i;
		serial += pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
		for (j = 0; j < 4; j++)
			early += step[j] != i;
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[4];
	uintptr_t i;

	zero(pthread_barrier_init(&barrier, NULL, 4));
	for (i = 0; i < 4; i++)
		t[i] = thread(work, (void *)i);
	for (i = 0; i < 4; i++)
		join(t[i]);
	equal(serial, 200, "one serial thread each time");
	equal(early, 0, "nobody runs ahead");
	return done();
}
