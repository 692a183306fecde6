/* SPDX-License-Identifier: MIT */
/*
 * once - pthread_once runs its function once though eight threads race, and nobody returns before it
 * has. Catches broken waiting.
 */
#include "conform.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic int runs, finished, early;

static void init(void)
{
	runs++;
	sleep_ms(5);
	finished = 1;
}

static void *work(void *arg)
{
	(void)arg;
	zero(pthread_once(&once, init));
	early += !finished;
	return NULL;
}

int main(void)
{
	pthread_t t[8];
	int i;

	for (i = 0; i < 8; i++)
		t[i] = thread(work, NULL);
	for (i = 0; i < 8; i++)
		join(t[i]);
	equal(runs, 1, "ran");
	equal(early, 0, "waited for");
	return done();
}
