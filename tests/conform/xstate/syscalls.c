/* SPDX-License-Identifier: MIT */
/*
 * syscalls - no system call, local or forwarded, changes SSE, x87 or AVX registers or any general register
 * but rax, rcx and r11. Catches an isle kernel that uses them.
 */
#include "xstate.h"

static int call(long number, long arg)
{
	uint64_t in[2] = { 0x1122334455667788, 0x99aabbccddeeff00 }, out[2] = { 0, 0 };
	uint64_t regs[9];
	int i, bad = 0;

	__asm__ volatile("mov %2, %%rax\n\tmov %3, %%rdi\n\tmovups %4, %%xmm7\n\tmovups %4, %%xmm0\n\t"
			 "pcmpeqd %%xmm9, %%xmm9\n\tmov $1, %%ebx\n\tmov $2, %%edx\n\tmov $3, %%esi\n\t"
			 "mov $8, %%r8d\n\tmov $9, %%r9d\n\tmov $10, %%r10d\n\t"
			 "mov $12, %%r12d\n\tmov $13, %%r13d\n\tmov $14, %%r14d\n\t"
			 "syscall\n\t"
			 "mov %%rbx, %1\n\tmov %%rdx, 8+%1\n\tmov %%rsi, 16+%1\n\t"
			 "mov %%r8, 24+%1\n\tmov %%r9, 32+%1\n\t"
			 "mov %%r10, 40+%1\n\tmov %%r12, 48+%1\n\tmov %%r13, 56+%1\n\tmov %%r14, 64+%1\n\t"
			 "pand %%xmm9, %%xmm7\n\tpand %%xmm0, %%xmm7\n\tmovups %%xmm7, %0"
			 : "=m"(out), "=o"(regs) : "m"(number), "m"(arg), "m"(in)
			 : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
			   "xmm0", "xmm7", "xmm9", "memory");
	for (i = 0; i < 9; i++)
		bad += regs[i] != (uint64_t[]){ 1, 2, 3, 8, 9, 10, 12, 13, 14 }[i];
	return bad || memcmp(in, out, 16);
}

int main(void)
{
	equal(call(SYS_getpid, 0), 0, "getpid");
	equal(call(SYS_sched_yield, 0), 0, "sched_yield");
	equal(call(SYS_close, 999), 0, "close");
	equal(call(SYS_lseek, 999), 0, "lseek");
	equal(call(SYS_nanosleep, 1), 0, "nanosleep");
	equal(call(SYS_brk, 0), 0, "brk");
	equal(call(SYS_openat, -1), 0, "openat");
	equal(call(9999, 0), 0, "a call that does not exist");
	return done();
}
