/* SPDX-License-Identifier: MIT */
/*
 * siginfo - SA_SIGINFO handlers are told signal, code, sender and value for raise, kill, tgkill and
 * sigqueue. Catches empty siginfo.
 */
#include "conform.h"

static siginfo_t seen;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	seen = *info;
	seen.si_errno = sig;
}

static void look(int sig, int code, const char *name)
{
	__asm__ volatile("" ::: "memory");  /* raise() is declared to call nothing of ours */
	equal(seen.si_signo, sig, "%s: si_signo", name);
	equal(seen.si_errno, sig, "%s: argument", name);
	equal(seen.si_code, code, "%s: si_code", name);
	check(seen.si_pid == getpid(), "%s: si_pid", name);
	check(seen.si_uid == getuid(), "%s: si_uid", name);
	memset(&seen, 0, sizeof(seen));
}

int main(void)
{
	handle(SIGUSR1, handler, 0);
	handle(SIGRTMIN + 3, handler, 0);
	raise(SIGUSR1);
	look(SIGUSR1, SI_TKILL, "raise");
	must(kill(getpid(), SIGUSR1));
	look(SIGUSR1, SI_USER, "kill");
	must(tgkill(getpid(), gettid(), SIGRTMIN + 3));
	look(SIGRTMIN + 3, SI_TKILL, "tgkill");
	must(sigqueue(getpid(), SIGUSR1, (union sigval){ .sival_ptr = &seen }));
	check(seen.si_value.sival_ptr == &seen, "sigqueue: value");
	look(SIGUSR1, SI_QUEUE, "sigqueue");
	return done();
}
