/* SPDX-License-Identifier: MIT */
/*
 * threads-running - returning from main ends the program with its status though threads compute, sleep and
 * wait in calls.
 * cases: =9
 */
#include "conform.h"

static _Atomic int ready;

static volatile int go_on = 1;

static void *spin(void *arg)
{
	ready++;
	while (go_on)
		;
	return arg;
}

static void *sleeper(void *arg)
{
	ready++;
	sleep(100);
	return arg;
}

static void *reader(void *arg)
{
	char c;

	ready++;
	return read(*(int *)arg, &c, 1) ? NULL : arg;
}

int main(void)
{
	int fds[2], i;

	must(pipe(fds));
	thread(spin, NULL);
	for (i = 0; i < 8; i++)
		thread(i % 2 ? sleeper : reader, &fds[0]);
	until(ready == 9);
	check(1, "returns");
	return 9;
}
