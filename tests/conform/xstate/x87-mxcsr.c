/* SPDX-License-Identifier: MIT */
/*
 * x87-mxcsr - x87 stack, x87 control word and MXCSR are each thread's own across switches, and a new thread
 * has its creator's control words. Catches rounding modes leaking between threads.
 */
#include "xstate.h"
#include <fenv.h>
#include <immintrin.h>

static int keep(unsigned int seed)
{
	static const int modes[] = { FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO };
	int mode = modes[seed / 1000 % 4], bad;
	double in = seed * 0.5, out = 0;

	fesetround(mode);
	__asm__ volatile("fldl %1\n\t" YIELD YIELD "fstpl %0" : "=m"(out) : "m"(in) : "rax", "rcx", "r11", "memory");
	bad = in != out || fegetround() != mode || (_mm_getcsr() >> 3 & 0xc00) != (unsigned int)mode;
	fesetround(FE_TONEAREST);
	return bad;
}

static void *inherited(void *arg)
{
	return fegetround() == FE_UPWARD ? arg : NULL;
}

int main(void)
{
	int here = 0;

	check(kept(keep), "x87 stack and rounding");
	fesetround(FE_UPWARD);
	check(join(thread(inherited, &here)) != NULL, "a new thread inherits rounding");
	fesetround(FE_TONEAREST);
	return done();
}
