/* SPDX-License-Identifier: MIT */
/*
 * stack-growth - the main stack grows to megabytes as deep calls touch it, and running off its end is a
 * SIGSEGV on the alternate stack. Catches stacks that are mapped too small or have no end.
 */
#include "conform.h"

static char *deepest;

static int descend(int levels)
{
	volatile char frame[4096];

	frame[0] = (char)levels;
	deepest = __builtin_frame_address(0);
	return levels ? descend(levels - 1) + frame[0] * 0 + 1 : 0;
}

static volatile int endless = 1;

static int run_off(int n)
{
	volatile char frame[4096];

	frame[0] = (char)n;
	return endless ? run_off(n + 1) + frame[0] : 0;
}

static void overflow(int sig, siginfo_t *info, void *context)
{
	static const char text[] = "ok overflow is a signal near the end\n",
		bad[] = "not ok overflow: far from the stack\n";
	char *at = info->si_addr;

	(void)context;
	(void)sig;
	if (at < deepest && at > deepest - 64 * MIB)
		_exit(write(1, text, sizeof(text) - 1) < 0);
	_exit(write(1, bad, sizeof(bad) - 1) >= 0);
}

int main(void)
{
	stack_t ss = { .ss_sp = anon(64 * 1024), .ss_size = 64 * 1024 };

	equal(descend(1000), 1000, "four MiB deep");
	must(sigaltstack(&ss, NULL));
	handle(SIGSEGV, overflow, SA_ONSTACK);
	run_off(0);
	return 1;
}
