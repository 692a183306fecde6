/* SPDX-License-Identifier: MIT */
/*
 * fault-in-thread - a fault in a thread without a handler ends the whole program by its signal; sibling
 * threads do not go on.
 * cases: =139
 */
#include "conform.h"

static void *fault(void *arg)
{
	sleep_ms(5);
	check(1, "faults in a thread");
	*(volatile char *)arg = 1;
	return NULL;
}

static void *sleeper(void *arg)
{
	sleep(100);
	return arg;
}

int main(void)
{
	thread(sleeper, NULL);
	thread(fault, NULL);
	pause();
	check(0, "it ended the program");
	return 0;
}
