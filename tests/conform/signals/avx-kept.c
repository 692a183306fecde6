/* SPDX-License-Identifier: MIT */
/*
 * avx-kept - all AVX (and AVX-512, where there is) registers survive a handler that clears them, and the
 * frame's extended state is described. Catches frames that save SSE only.
 */
#include "conform.h"
#include <cpuid.h>
#include <immintrin.h>

static volatile int described, in_frame;

static void handler(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	uint32_t *sw = (uint32_t *)(void *)((char *)uc->uc_mcontext.fpregs + 464);

	(void)sig;
	(void)info;
	described = sw[0] == 0x46505853 && sw[1] >= 512 + 64 && (sw[2] & 7) == 7;
	in_frame = ((float *)uc->uc_mcontext.fpregs->_xmm)[4 * 3] == 3.0f;
	__asm__ volatile("vzeroall" ::: "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7");
}

__attribute__((target("avx"))) static int avx(void)
{
	float in[8] = { 3, 3, 3, 3, 5, 6, 7, 8 }, out[8], high[8];

	__asm__ volatile("vmovups %2, %%ymm3\n\tvmovups %2, %%ymm14\n\t"
			 "mov %3, %%eax\n\tmov %4, %%edi\n\tmov %5, %%esi\n\tsyscall\n\t"
			 "vmovups %%ymm3, %0\n\tvmovups %%ymm14, %1\n\tvzeroupper"
			 : "=m"(out), "=m"(high) : "m"(in), "i"(SYS_tkill), "r"(gettid()), "i"(SIGUSR1)
			 : "rax", "rdi", "rsi", "rcx", "r11", "memory", "xmm3", "xmm14");
	return !memcmp(in, out, sizeof(in)) && !memcmp(in, high, sizeof(in));
}

__attribute__((target("avx512f"))) static int avx512(void)
{
	uint64_t in[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, out[8];
	uint32_t mask = 0;

	__asm__ volatile("vmovdqu64 %2, %%zmm25\n\tmov $0xa5a5, %%eax\n\tkmovw %%eax, %%k3\n\t"
			 "mov %3, %%eax\n\tmov %4, %%edi\n\tmov %5, %%esi\n\tsyscall\n\t"
			 "vmovdqu64 %%zmm25, %0\n\tkmovw %%k3, %1\n\tvzeroupper"
			 : "=m"(out), "=r"(mask) : "m"(in), "i"(SYS_tkill), "r"(gettid()), "i"(SIGUSR1)
			 : "rax", "rdi", "rsi", "rcx", "r11", "memory", "xmm25", "k3");
	return !memcmp(in, out, sizeof(in)) && mask == 0xa5a5;
}

int main(void)
{
	if (!__builtin_cpu_supports("avx"))
		skip("this processor has no AVX");
	handle(SIGUSR1, handler, 0);
	check(avx(), "ymm3 and ymm14");
	check(described, "the frame has XSAVE state");
	check(in_frame, "and shows the register");
	check(!__builtin_cpu_supports("avx512f") || avx512(), "zmm25 and k3, where there are");
	return done();
}
