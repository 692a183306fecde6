/* SPDX-License-Identifier: MIT */
/*
 * exit-main-last - pthread_exit in main leaves the others running; the program ends with 0 when the last
 * thread does. Catches a program that dies with its first thread.
 */
#include "conform.h"

static pthread_t first;

static void *work(void *arg)
{
	(void)arg;
	zero(pthread_join(first, NULL));
	check(1, "the first thread can be joined");
	sleep_ms(10);
	check(access("/", F_OK) == 0, "calls still work");
	equal(getpid() == gettid(), 0, "and this is not the first thread");
	return NULL;
}

int main(void)
{
	first = pthread_self();
	thread(work, NULL);
	pthread_exit(NULL);
}
