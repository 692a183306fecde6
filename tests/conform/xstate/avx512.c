/* SPDX-License-Identifier: MIT */
/*
 * avx512 - AVX-512 registers and masks are each thread's own across switches, where the processor has
 * them. Catches save areas too small for them.
 */
#include "xstate.h"

__attribute__((target("avx512f"))) static int keep(unsigned int seed)
{
	uint64_t in[8] = { seed, 1, 2, 3, 4, 5, 6, seed + 7 }, low[8], high[8];
	uint32_t mask = seed & 0xffff, out = 0;

	__asm__ volatile("vmovdqu64 %3, %%zmm1\n\tvmovdqu64 %3, %%zmm31\n\tkmovw %4, %%k5\n\t" YIELD YIELD
			 "vmovdqu64 %%zmm1, %0\n\tvmovdqu64 %%zmm31, %1\n\tkmovw %%k5, %2\n\tvzeroupper"
			 : "=m"(low), "=m"(high), "=r"(out) : "m"(in), "r"(mask)
			 : "rax", "rcx", "r11", "memory", "xmm1", "xmm31", "k5");
	return memcmp(in, low, 64) || memcmp(in, high, 64) || out != mask;
}

int main(void)
{
	if (!__builtin_cpu_supports("avx512f"))
		skip("this processor has no AVX-512");
	check(kept(keep), "zmm1, zmm31 and k5");
	return done();
}
