/* SPDX-License-Identifier: MIT */
/*
 * registers-kept - all general registers, flags and the red zone are the same after a handler as before. Catches
 * frames that overwrite the 128 bytes below the stack pointer.
 */
#include "conform.h"

static _Atomic int hits;

static void handler(int sig, siginfo_t *info, void *context)
{
	volatile char scribble[512];
	size_t i;

	(void)sig;
	(void)info;
	(void)context;
	for (i = 0; i < sizeof(scribble); i++)
		scribble[i] = 0x5a;
	hits++;
}

/* Fills registers and red zone, waits for the counter to change, and says whether all is still there. */
static long watch(_Atomic int *counter)
{
	long bad;

	__asm__ volatile(
		"mov $0x1111111111111111, %%r8\n\t" "mov $0x2222222222222222, %%r9\n\t"
		"mov $0x3333333333333333, %%r10\n\t" "mov $0x4444444444444444, %%r12\n\t"
		"mov $0x5555555555555555, %%r13\n\t" "mov $0x6666666666666666, %%r14\n\t"
		"mov %%r8, -8(%%rsp)\n\t" "mov %%r9, -64(%%rsp)\n\t" "mov %%r10, -128(%%rsp)\n\t"
		"mov (%1), %%ebx\n\t" "neg %%ebx\n\t" "mov $0x7777777777777777, %%rdx\n\t" "std\n\t" "stc\n"
		/* lea and jrcxz leave the flags alone: the loop ends when the counter differs from what it was */
		"1:\tmov (%1), %%ecx\n\t" "lea (%%rcx,%%rbx), %%ecx\n\t" "jrcxz 1b\n\t"
		"sbb %%rax, %%rax\n\t" "cld\n\t" "not %%rax\n\t"
		"mov $0x1111111111111111, %%rsi\n\t" "xor %%rsi, %%r8\n\t" "or %%r8, %%rax\n\t"
		"xor -8(%%rsp), %%rsi\n\t" "or %%rsi, %%rax\n\t"
		"mov $0x2222222222222222, %%rsi\n\t" "xor %%rsi, %%r9\n\t" "or %%r9, %%rax\n\t"
		"xor -64(%%rsp), %%rsi\n\t" "or %%rsi, %%rax\n\t"
		"mov $0x3333333333333333, %%rsi\n\t" "xor %%rsi, %%r10\n\t" "or %%r10, %%rax\n\t"
		"xor -128(%%rsp), %%rsi\n\t" "or %%rsi, %%rax\n\t"
		"mov $0x4444444444444444, %%rsi\n\t" "xor %%rsi, %%r12\n\t" "or %%r12, %%rax\n\t"
		"mov $0x5555555555555555, %%rsi\n\t" "xor %%rsi, %%r13\n\t" "or %%r13, %%rax\n\t"
		"mov $0x6666666666666666, %%rsi\n\t" "xor %%rsi, %%r14\n\t" "or %%r14, %%rax\n\t"
		"mov $0x7777777777777777, %%rsi\n\t" "xor %%rsi, %%rdx\n\t" "or %%rdx, %%rax\n\t"
		: "=&a"(bad) : "D"(counter)
		: "rbx", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "memory", "cc");
	return bad;
}

int main(void)
{
	struct itimerspec spec = { timespec(2 * MS), timespec(2 * MS) };
	timer_t timer;
	int i, bad = 0;

	handle(SIGALRM, handler, 0);
	must(timer_create(CLOCK_MONOTONIC, NULL, &timer));
	must(timer_settime(timer, 0, &spec, NULL));
	for (i = 0; i < 20; i++)
		bad += watch(&hits) != 0;
	must(timer_delete(timer));
	equal(bad, 0, "registers, carry and direction flag, red zone");
	check(hits >= 20, "the handler ran");
	return done();
}
