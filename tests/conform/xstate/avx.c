/* SPDX-License-Identifier: MIT */
/*
 * avx - AVX registers are each thread's own across switches, where the processor has them. Catches XSAVE
 * masks without AVX.
 */
#include "xstate.h"

__attribute__((target("avx"))) static int keep(unsigned int seed)
{
	uint32_t in[8] = { seed, 1, 2, 3, seed + 4, 5, 6, seed + 7 }, low[8], high[8];

	__asm__ volatile("vmovups %2, %%ymm1\n\tvmovups %2, %%ymm15\n\t" YIELD YIELD
			 "vmovups %%ymm1, %0\n\tvmovups %%ymm15, %1\n\tvzeroupper"
			 : "=m"(low), "=m"(high) : "m"(in) : "rax", "rcx", "r11", "memory", "xmm1", "xmm15");
	return memcmp(in, low, 32) || memcmp(in, high, 32);
}

int main(void)
{
	if (!__builtin_cpu_supports("avx"))
		skip("this processor has no AVX");
	check(kept(keep), "ymm1 and ymm15");
	return done();
}
