/* SPDX-License-Identifier: MIT */
/*
 * sse - SSE registers are each thread's own across switches. Catches state saved for one thread only.
 */
#include "xstate.h"

static int keep(unsigned int seed)
{
	uint32_t in[4] = { seed, seed + 1, seed + 2, seed + 3 }, low[4], high[4];

	__asm__ volatile("movups %2, %%xmm1\n\tmovups %2, %%xmm15\n\t" YIELD YIELD
			 "movups %%xmm1, %0\n\tmovups %%xmm15, %1"
			 : "=m"(low), "=m"(high) : "m"(in) : "rax", "rcx", "r11", "memory", "xmm1", "xmm15");
	return memcmp(in, low, 16) || memcmp(in, high, 16);
}

int main(void)
{
	check(kept(keep), "xmm1 and xmm15");
	return done();
}
