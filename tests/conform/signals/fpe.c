/* SPDX-License-Identifier: MIT */
/*
 * fpe - division by zero and overflowing division are SIGFPE with FPE_INTDIV, unmasked SSE and x87 errors
 * have their codes, all with the instruction's address. Catches exceptions that are not made signals.
 */
#include "conform.h"
#include <cpuid.h>
#include <fenv.h>

static volatile int zero_int, minus = -1, least = INT_MIN;
static volatile double zero_double, one = 1, sink;
static volatile long double one_long = 1, zero_long;

static void divide(void *p)
{
	(void)p;
	zero_int = least / zero_int;
}

static void overflow(void *p)
{
	(void)p;
	zero_int = least / minus;
}

static void sse(void *p)
{
	(void)p;
	feenableexcept(FE_DIVBYZERO);
	sink = one / zero_double;
}

static void invalid(void *p)
{
	(void)p;
	feenableexcept(FE_INVALID);
	sink = zero_double / zero_double;
}

static void x87(void *p)
{
	(void)p;
	feenableexcept(FE_DIVBYZERO);
	one_long = one_long / zero_long;
	__asm__ volatile("fwait");
}

static void look(void (*op)(void *), int code, const char *name)
{
	struct fault f = caught(op, NULL);

	fedisableexcept(FE_ALL_EXCEPT);
	feclearexcept(FE_ALL_EXCEPT);
	equal(f.sig, SIGFPE, "%s: signal", name);
	equal(f.code, code, "%s: si_code", name);
	check(f.addr != NULL, "%s: si_addr", name);
}

/* QEMU's emulation raises no SSE exceptions. */
static int emulated(void)
{
	unsigned int a, name[3];

	__cpuid(0x40000000, a, name[0], name[1], name[2]);
	return !memcmp(name, "TCGTCGTCGTCG", sizeof(name));
}

int main(void)
{
	look(divide, FPE_INTDIV, "division by zero");
	look(overflow, FPE_INTDIV, "division that overflows");
	if (!emulated()) {
		look(sse, FPE_FLTDIV, "SSE division by zero");
		look(invalid, FPE_FLTINV, "SSE invalid");
	}
	look(x87, FPE_FLTDIV, "x87 division by zero");
	return done();
}
