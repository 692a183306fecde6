/* SPDX-License-Identifier: MIT */
/*
 * fp-kept - SSE, x87 and MXCSR state survive handlers that use them, in four threads computing under a stream
 * of signals. Catches frames without floating-point state.
 */
#include "conform.h"
#include <math.h>

static _Atomic int hits, stop, wrong;

static void handler(int sig, siginfo_t *info, void *context)
{
	volatile double d = sig;
	volatile long double l = sig;
	int i;

	(void)info;
	(void)context;
	for (i = 0; i < 10; i++) {
		d = d * 1.7 + 3;
		l = l * 1.3l - 2;
	}
	hits++;
}

static double compute(void)
{
	double a = 1, b = 0.5;
	long double c = 1;
	int i;

	for (i = 1; i < 20000; i++) {
		a = a * 1.0000001 + b / i;
		b = sqrt(a + b);
		c = c * 1.0000001l + (long double)b / i;
	}
	return a + b + (double)c;
}

static void *work(void *arg)
{
	double want = *(double *)arg;

	while (!stop)
		wrong += compute() != want;
	return NULL;
}

int main(void)
{
	double want = compute();
	pthread_t t[4];
	int i, n;

	handle(SIGUSR1, handler, 0);
	for (i = 0; i < 4; i++)
		t[i] = thread(work, &want);
	for (n = 0; n < 400; n++) {
		zero(pthread_kill(t[n % 4], SIGUSR1));
		if (n % 8 == 7)
			sleep_ms(1);
	}
	stop = 1;
	for (i = 0; i < 4; i++)
		join(t[i]);
	equal(wrong, 0, "results");
	check(hits > 0, "the handlers ran");
	return done();
}
