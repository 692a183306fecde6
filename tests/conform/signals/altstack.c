/* SPDX-License-Identifier: MIT */
/*
 * altstack - a handler with SA_ONSTACK runs on the alternate stack of its thread, others do not; SS_ONSTACK
 * tells. Catches frames on the wrong stack.
 */
#include "conform.h"

static char *base;
static volatile int on, flags;

static void handler(int sig, siginfo_t *info, void *context)
{
	char here;
	ucontext_t *uc = context;
	stack_t ss;

	(void)info;
	on = &here >= base && &here < base + 64 * 1024;
	must(sigaltstack(NULL, &ss));
	flags = ss.ss_flags & SS_ONSTACK;
	if (sig == SIGUSR1) {
		check(uc->uc_stack.ss_sp == base, "the frame tells the stack");
		fails(sigaltstack(&ss, NULL), EPERM, "no change while on it");
	}
}

static void *other(void *arg)
{
	stack_t ss;

	must(sigaltstack(NULL, &ss));
	check(ss.ss_flags & SS_DISABLE, "a new thread has none");
	return arg;
}

int main(void)
{
	stack_t ss = { .ss_size = 64 * 1024 }, old;

	must(sigaltstack(NULL, &old));
	check(old.ss_flags & SS_DISABLE, "none at first");
	ss.ss_sp = base = anon(64 * 1024);
	must(sigaltstack(&ss, NULL));
	handle(SIGUSR1, handler, SA_ONSTACK);
	handle(SIGUSR2, handler, 0);
	raise(SIGUSR1);
	check(on && flags, "on it with SA_ONSTACK");
	raise(SIGUSR2);
	check(!on && !flags, "not without");
	must(sigaltstack(NULL, &old));
	check(old.ss_sp == base && old.ss_size == 64 * 1024 && !old.ss_flags, "as it was set");
	join(thread(other, NULL));
	ss.ss_size = 1000;
	fails(sigaltstack(&ss, NULL), ENOMEM, "too small");
	ss.ss_flags = 12345;
	fails(sigaltstack(&ss, NULL), EINVAL, "unknown flags");
	ss.ss_flags = SS_DISABLE;
	must(sigaltstack(&ss, NULL));
	handle(SIGUSR2, handler, SA_ONSTACK);
	raise(SIGUSR2);
	check(!on, "switched off");
	return done();
}
