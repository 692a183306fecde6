/* SPDX-License-Identifier: MIT */
/*
 * stack-guard - running off a thread's stack is a SIGSEGV in its guard page, on the alternate stack. Catches
 * threads that run into each other's memory.
 */
#include "conform.h"

static _Thread_local char *guard;
static sigjmp_buf out;
static char *fault_at;

static void overflow(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	fault_at = info->si_addr;
	siglongjmp(out, 1);
}

static volatile int endless = 1;

static int run_off(int n)
{
	volatile char frame[2048];

	frame[0] = (char)n;
	return endless ? run_off(n + 1) + frame[0] : 0;
}

static void *work(void *arg)
{
	stack_t ss = { .ss_sp = anon(64 * 1024), .ss_size = 64 * 1024 };
	pthread_attr_t attr;
	size_t size, guard_size;
	void *base;

	(void)arg;
	must(sigaltstack(&ss, NULL));
	zero(pthread_getattr_np(pthread_self(), &attr));
	zero(pthread_attr_getstack(&attr, &base, &size));
	zero(pthread_attr_getguardsize(&attr, &guard_size));
	zero(pthread_attr_destroy(&attr));
	guard = base;
	if (sigsetjmp(out, 1) == 0)
		run_off(0);
	return (void *)(uintptr_t)(fault_at < guard && fault_at >= guard - guard_size);
}

int main(void)
{
	handle(SIGSEGV, overflow, SA_ONSTACK);
	check(join(thread(work, NULL)) != NULL, "fault lies in the guard");
	check(join(thread(work, NULL)) != NULL, "once more");
	return done();
}
