/* SPDX-License-Identifier: MIT */
/*
 * crash.c - dies by SIGSEGV six calls deep, with a second thread that waits and a variable that was changed.
 */
#define _GNU_SOURCE
#pragma GCC optimize("O0") /* must look like its source, whatever CFLAGS say */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

char message[64] = "before";
static volatile int waits;

static void *other_main(void *arg)
{
	waits = 1;
	pause();
	return arg;
}

__attribute__((noinline)) static void deep(int n, volatile int *nowhere)
{
	if (n)
		deep(n - 1, nowhere);
	else
		*nowhere = 1;
	message[63] = (char)n; /* so that it is no tail call */
}

int main(void)
{
	pthread_t other;

	pthread_create(&other, NULL, other_main, NULL);
	strcpy(message, "after");
	/* An isle kernel that is emulated takes its time to start a thread. */
	while (!waits)
		usleep(1000);
	usleep(10000);
	deep(5, (volatile int *)8);
	return 0;
}
