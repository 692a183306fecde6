/* SPDX-License-Identifier: MIT */
/*
 * constructors - constructors run by priority before main, with arguments, destructors after it in reverse.
 */
#include "conform.h"

static int order[4], n, args;

__attribute__((constructor(200))) static void second(int argc, char **argv, char **envp)
{
	order[n++] = 2;
	args = argc == 1 && argv[0] && envp == environ;
}

__attribute__((constructor(101))) static void first(void)
{
	order[n++] = 1;
}

__attribute__((constructor)) static void third(void)
{
	order[n++] = 3;
}

__attribute__((destructor(101))) static void last_out(void)
{
	printf("last out\n");
}

__attribute__((destructor)) static void first_out(void)
{
	printf("first out\n");
}

int main(void)
{
	equal(order[0] * 100 + order[1] * 10 + order[2], 123, "order");
	check(args, "arguments");
	return done();
}
