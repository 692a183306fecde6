/* SPDX-License-Identifier: MIT */
/*
 * exit-group - exit in a thread ends the program with its status although others sleep, spin and read. Catches
 * threads that go on.
 * cases: =7
 */
#include "conform.h"

static void *spin(void *arg)
{
	for (;;)
		__asm__ volatile("pause");
	return arg;
}

static void *sleeper(void *arg)
{
	sleep(100);
	return arg;
}

static void *reader(void *arg)
{
	char c;
	int *fds = arg;

	return read(fds[0], &c, 1) < 0 ? NULL : arg;
}

static void *leave(void *arg)
{
	(void)arg;
	sleep_ms(10);
	check(1, "leaves from a thread");
	exit(7);
}

int main(void)
{
	int fds[2];

	must(pipe(fds));
	thread(spin, NULL);
	thread(sleeper, NULL);
	thread(reader, fds);
	join(thread(leave, NULL));
	check(0, "nothing comes after");
	return 0;
}
