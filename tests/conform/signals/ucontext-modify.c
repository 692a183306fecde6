/* SPDX-License-Identifier: MIT */
/*
 * ucontext-modify - a handler may change the registers of what it interrupted: skip an instruction, set a
 * result, repair and retry. Catches sigreturn that restores its own copy.
 */
#include "conform.h"

static char *page;

static void skip_ud2(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)sig;
	(void)info;
	uc->uc_mcontext.gregs[REG_RIP] += 2;
	uc->uc_mcontext.gregs[REG_RAX] = 12345;
	uc->uc_mcontext.gregs[REG_R15] = 678;
}

static void repair(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	must(mprotect(page, PAGE, PROT_READ | PROT_WRITE));
}

static volatile int seen_fault;

static void look(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)sig;
	(void)info;
	seen_fault = uc->uc_mcontext.gregs[REG_TRAPNO] == 14 && (uc->uc_mcontext.gregs[REG_ERR] & 7) == 7 &&
		     (char *)uc->uc_mcontext.gregs[REG_CR2] == page + 8;
	repair(sig, info, context);
}

int main(void)
{
	long rax = 0, r15 = 0;

	handle(SIGILL, skip_ud2, 0);
	__asm__ volatile("xor %%eax, %%eax\n\tud2\n\tmov %%r15, %1" : "=&a"(rax), "=r"(r15) : : "r15");
	equal(rax, 12345, "rax, and the instruction skipped");
	equal(r15, 678, "r15");
	page = anon(PAGE);
	must(mprotect(page, PAGE, PROT_NONE));
	handle(SIGSEGV, repair, 0);
	page[8] = 'y';
	equal(page[8], 'y', "repaired and retried");
	must(mprotect(page, PAGE, PROT_READ));
	handle(SIGSEGV, look, 0);
	page[8] = 'z';
	check(seen_fault, "trap number, error code and cr2 in the frame");
	return done();
}
