/* SPDX-License-Identifier: MIT */
/*
 * sleepers - thirty-two threads sleep for different times and wake in order. Catches one timer for all.
 */
#include "conform.h"

static _Atomic int order[32], n;

static void *work(void *arg)
{
	long long *start = arg;
	static _Atomic int next;
	int me = next++;
	struct timespec ts = timespec(*start + (32 - me) * 5 * MS);

	zero(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL));
	order[n++] = 31 - me;
	return now(CLOCK_MONOTONIC) >= *start + (32 - me) * 5 * MS ? arg : NULL;
}

int main(void)
{
	long long start = now(CLOCK_MONOTONIC) + 20 * MS;
	int i, early = 0, near = 0;
	pthread_t t[32];

	for (i = 0; i < 32; i++)
		t[i] = thread(work, &start);
	for (i = 0; i < 32; i++)
		early += join(t[i]) == NULL;
	for (i = 0; i < 32; i++)
		near += order[i] >= i - 8 && order[i] <= i + 8;
	equal(early, 0, "not early");
	check(near >= 24, "about in order");
	return done();
}
