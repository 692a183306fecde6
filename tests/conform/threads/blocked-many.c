/* SPDX-License-Identifier: MIT */
/*
 * blocked-many - sixteen threads blocked for long in forwarded calls hold up neither each other nor the
 * rest. Catches one channel for all, and too few workers.
 */
#include "conform.h"

static int fds[16][2];
static _Atomic int got;

static void *work(void *arg)
{
	char c;

	if (read(fds[(uintptr_t)arg][0], &c, 1) == 1)
		got += c;
	return NULL;
}

int main(void)
{
	pthread_t t[16];
	uintptr_t i;
	int ok_calls = 0;

	for (i = 0; i < 16; i++) {
		must(pipe(fds[i]));
		t[i] = thread(work, (void *)i);
	}
	sleep_ms(10);
	for (i = 0; i < 100; i++)
		ok_calls += access("/", F_OK) == 0;
	equal(ok_calls, 100, "calls beside them");
	for (i = 16; i-- > 0;)
		must(write(fds[i][1], "\1", 1));
	for (i = 0; i < 16; i++)
		join(t[i]);
	equal(got, 16, "all woke");
	return done();
}
