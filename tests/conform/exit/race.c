/* SPDX-License-Identifier: MIT */
/*
 * race - eight threads call exit with the same status at once; it comes out. Catches double ends.
 * cases: =21
 */
#include "conform.h"

static pthread_barrier_t b;

static void *leave(void *arg)
{
	pthread_barrier_wait(&b);
	_exit((int)(uintptr_t)arg);
}

int main(void)
{
	int i;

	zero(pthread_barrier_init(&b, NULL, 9));
	check(1, "all leave");
	for (i = 0; i < 8; i++)
		thread(leave, (void *)21);
	pthread_barrier_wait(&b);
	pause();
	return 1;
}
