/* SPDX-License-Identifier: MIT */
/*
 * atexit - exit handlers run in reverse order, then destructors, then buffers are written; handlers may
 * register more.
 */
#include "conform.h"

static void last(void)
{
	printf("registered by a handler\n");
}

static void first(void)
{
	printf("first registered\n");
}

static void second(int status, void *arg)
{
	printf("second registered, status %d, %s\n", status, (char *)arg);
	atexit(last);
}

__attribute__((destructor)) static void destructor(void)
{
	printf("destructor");
}

int main(void)
{
	static char arg[] = "argument";

	check(1, "leaves");
	atexit(first);
	on_exit(second, arg);
	exit(0);
}
