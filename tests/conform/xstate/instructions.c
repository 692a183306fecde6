/* SPDX-License-Identifier: MIT */
/*
 * instructions - cpuid, xgetbv and rdtsc work in user mode and agree: what cpuid claims can be executed,
 * time stamps grow. Catches features shown but not switched on.
 */
#include "conform.h"
#include <cpuid.h>
#include <sys/auxv.h>
#include <x86intrin.h>

static void rdrand(void *p)
{
	(void)p;
	__asm__ volatile("rdrand %%eax" ::: "eax", "cc");
}

static void fsgsbase(void *p)
{
	(void)p;
	__asm__ volatile("rdfsbase %%rax" ::: "rax");
}

static void vector(void *p)
{
	(void)p;
	__asm__ volatile("vxorps %%ymm0, %%ymm0, %%ymm0\n\tvzeroupper" ::: "xmm0");
}

int main(void)
{
	unsigned int a, b, c = 0, d, low, high = 0;
	unsigned long long t = __rdtsc();

	check(__get_cpuid(1, &a, &b, &c, &d) && (d & bit_SSE2), "SSE2");
	check(__rdtsc() > t, "rdtsc grows");
	if (c & bit_OSXSAVE) {
		__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
		check((low & 3) == 3, "x87 and SSE are on");
		check(!(c & bit_AVX) || (low & 4), "AVX is on if cpuid has it");
	} else {
		check(1, "x87 and SSE are on");
		check(!(c & bit_AVX), "AVX is on if cpuid has it");
	}
	check(!(c & bit_AVX) || caught(vector, NULL).sig == 0, "AVX");
	check(!(c & bit_RDRND) || caught(rdrand, NULL).sig == 0, "RDRAND");
	check(!(getauxval(AT_HWCAP2) & 2) || caught(fsgsbase, NULL).sig == 0, "FSGSBASE");
	return done();
}
