/* SPDX-License-Identifier: MIT */
/*
 * cancel-async - asynchronous cancellation ends a thread that computes and makes no calls. Catches signals
 * that reach a running thread only at its next system call.
 */
#include "conform.h"

static _Atomic int ready;
static volatile unsigned long counter;

static void *spin(void *arg)
{
	(void)arg;
	zero(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL));
	ready = 1;
	for (;;)
		counter++;
	return NULL;
}

int main(void)
{
	pthread_t t = thread(spin, NULL);

	until(ready);
	zero(pthread_cancel(t));
	check(join(t) == PTHREAD_CANCELED, "cancelled");
	return done();
}
