/* SPDX-License-Identifier: MIT */
/*
 * nested - handlers of thirty different signals nest to the full depth and all return. Catches frames that
 * overwrite each other.
 */
#include "conform.h"

static volatile int depth, deepest, returned;

static void handler(int sig, siginfo_t *info, void *context)
{
	volatile double keep = sig * 1.5;

	(void)info;
	(void)context;
	if (++depth > deepest)
		deepest = depth;
	if (sig < SIGRTMIN + 29)
		raise(sig + 1);
	returned += keep == sig * 1.5;
	depth--;
}

int main(void)
{
	int i;

	for (i = 0; i < 30; i++)
		handle(SIGRTMIN + i, handler, 0);
	raise(SIGRTMIN);
	equal(deepest, 30, "deep");
	equal(returned, 30, "back, with their own numbers");
	return done();
}
