/* SPDX-License-Identifier: MIT */
/*
 * turns.c [SECONDS] - something to debug: two threads, a function that is called five times after so many seconds,
 * a result that a debugger can change.
 */
#define _GNU_SOURCE
#pragma GCC optimize("O0") /* must look like its source, whatever CFLAGS say */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

volatile int turns;
volatile double half = 0.5;

__attribute__((noinline)) static int twice(int n)
{
	int result = 2 * n;

	turns++;
	return result;
}

static void *other_main(void *arg)
{
	pthread_setname_np(pthread_self(), "other");
	for (;;) {
		turns++;
		usleep(1000);
	}
	return arg;
}

static void on_alarm(int signo)
{
	(void)signo;
	puts("alarm");
}

int main(int argc, char **argv)
{
	int sum = 0;
	pthread_t other;
	int i;

	pthread_create(&other, NULL, other_main, NULL);
	if (argc > 1) {
		signal(SIGALRM, on_alarm);
		alarm((unsigned int)atoi(argv[1]));
		pause();
	}
	for (i = 0; i < 5; i++)
		sum += twice(i);
	printf("sum %d, half %g\n", sum, half);
	return sum % 256;
}
