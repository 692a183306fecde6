/* SPDX-License-Identifier: MIT */
/*
 * stack-alignment - the stack is aligned to 16 bytes where functions expect it: in main, in threads, in
 * constructors, in signal handlers. Catches movaps faults.
 */
#include "conform.h"

static volatile int bad, seen;

static void measure(void)
{
	__attribute__((aligned(16))) volatile char a[16];  /* relied on, not made */

	seen++;
	bad += (uintptr_t)__builtin_frame_address(0) % 16 != 0 || (uintptr_t)a % 16 != 0;
}

/* Called by pointer, because the compiler may give up the alignment where it sees both sides of a call. */
static void (*volatile look)(void) = measure;

__attribute__((constructor)) static void constructor(void)
{
	look();
}

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	look();
}

static void *run(void *arg)
{
	look();
	raise(SIGUSR1);
	return arg;
}

int main(void)
{
	handle(SIGUSR1, handler, 0);
	run(NULL);
	join(thread(run, NULL));
	equal(seen, 5, "places");
	equal(bad, 0, "aligned");
	return done();
}
