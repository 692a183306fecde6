/* SPDX-License-Identifier: MIT */
/*
 * initial - a program and a new thread start with the floating-point state of the ABI: control word 0x37f,
 * MXCSR 0x1f80, empty stack, direction flag clear. Catches state left over from others.
 */
#include "conform.h"
#include <immintrin.h>

static int clean(void)
{
	struct { uint16_t cw, r1, sw, r2, tw, r3; uint32_t more[4]; } env;
	unsigned long flags;

	__asm__ volatile("fnstenv %0\n\tfldenv %0" : "=m"(env));
	__asm__ volatile("pushf\n\tpop %0" : "=r"(flags));
	return env.cw == 0x37f && env.tw == 0xffff && (_mm_getcsr() & 0xffc0) == 0x1f80 && !(flags & 0x400);
}

static void *run(void *arg)
{
	(void)arg;
	return (void *)(uintptr_t)clean();
}

static volatile int in_handler;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	in_handler = clean();
}

int main(void)
{
	check(clean(), "first thread");
	check(join(thread(run, NULL)) != NULL, "new thread");
	handle(SIGUSR1, handler, 0);
	__asm__ volatile("fld1\n\tfldpi");
	raise(SIGUSR1);
	__asm__ volatile("fstp %st(0)\n\tfstp %st(0)");
	check(in_handler, "signal handler");
	return done();
}
