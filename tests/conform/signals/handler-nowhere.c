/* SPDX-License-Identifier: MIT */
/*
 * handler-nowhere - a handler at an address that no program can have is a fault of the program's own, which it can
 * handle. Catches a kernel that falls over when it jumps there.
 * cases: =0 segv=139
 */
#include "conform.h"

static sigjmp_buf back;

static void segv(int signo)
{
	siglongjmp(back, signo);
}

static void set(int signo, uintptr_t handler)
{
	struct sigaction act = { .sa_handler = (void (*)(int))handler };

	must(sigaction(signo, &act, NULL));
}

int main(int argc, char **argv)
{
	static const uintptr_t nowhere[] = { 0x800000000000, 0x8000000000000000, ~0xffful };
	unsigned int i;

	if (argc > 1 && !strcmp(argv[1], "segv")) {
		check(1, "begins");
		set(SIGSEGV, nowhere[0]);
		raise(SIGSEGV);
		check(0, "nothing comes after");
	}
	set(SIGSEGV, (uintptr_t)segv);
	for (i = 0; i < COUNT(nowhere); i++) {
		set(SIGUSR1, nowhere[i]);
		if (!sigsetjmp(back, 1))
			raise(SIGUSR1);
		check(1, "address %u", i);
	}
	return done();
}
