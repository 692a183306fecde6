/* SPDX-License-Identifier: MIT */
/*
 * ill-trap - ud2 is SIGILL with its address, int3 SIGTRAP behind it, a privileged instruction and a bad int
 * SIGSEGV. Catches exceptions taken for faults of the isle kernel.
 */
#include "conform.h"

static void ud2(void *p)
{
	(void)p;
	__asm__ volatile("ud2");
}

static void int3(void *p)
{
	(void)p;
	__asm__ volatile("int3");
}

static void hlt(void *p)
{
	(void)p;
	__asm__ volatile("hlt");
}

static void cli(void *p)
{
	(void)p;
	__asm__ volatile("cli");
}

static void bad_int(void *p)
{
	(void)p;
	__asm__ volatile("int $0x81");
}

static void single_step(void *p)
{
	(void)p;
	__asm__ volatile("pushf; orl $0x100, (%%rsp); popf; nop; nop" ::: "memory");
}

int main(void)
{
	struct fault f = caught(ud2, NULL);

	equal(f.sig * 100 + f.code, SIGILL * 100 + ILL_ILLOPN, "ud2");
	check(f.addr >= (void *)(uintptr_t)ud2 && f.addr < (void *)((uintptr_t)ud2 + 32), "ud2: si_addr");
	f = caught(int3, NULL);
	equal(f.sig, SIGTRAP, "int3");
	f = caught(hlt, NULL);
	equal(f.sig * 1000 + f.code, SIGSEGV * 1000 + SI_KERNEL, "hlt");
	f = caught(cli, NULL);
	equal(f.sig * 1000 + f.code, SIGSEGV * 1000 + SI_KERNEL, "cli");
	f = caught(bad_int, NULL);
	equal(f.sig * 1000 + f.code, SIGSEGV * 1000 + SI_KERNEL, "int 0x81");
	f = caught(single_step, NULL);
	equal(f.sig * 100 + f.code, SIGTRAP * 100 + TRAP_TRACE, "single step");
	return done();
}
