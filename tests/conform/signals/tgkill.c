/* SPDX-License-Identifier: MIT */
/*
 * tgkill - tgkill reaches the thread it names, kill one that does not block; wrong numbers are ESRCH and
 * EINVAL. Catches signals delivered to whoever comes first.
 */
#include "conform.h"

static _Atomic int hit_tid, leave, ready;
static _Atomic pid_t tid;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	hit_tid = gettid();
}

static void *work(void *arg)
{
	tid = gettid();
	ready = 1;
	while (!leave)
		sleep_ms(1);
	return arg;
}

int main(void)
{
	pthread_t t;
	sigset_t set;

	handle(SIGUSR1, handler, 0);
	t = thread(work, NULL);
	until(ready);
	must(tgkill(getpid(), tid, SIGUSR1));
	until(hit_tid);
	check(hit_tid == tid, "the named thread");
	hit_tid = 0;
	must(tgkill(getpid(), gettid(), SIGUSR1));
	check(hit_tid == gettid(), "the caller, before the call returns");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	zero(pthread_sigmask(SIG_BLOCK, &set, NULL));
	hit_tid = 0;
	must(kill(getpid(), SIGUSR1));
	until(hit_tid);
	check(hit_tid == tid, "kill finds the thread that does not block");
	leave = 1;
	join(t);
	fails(tgkill(getpid(), 0x3fffffff, 0), ESRCH, "no such thread");
	fails(tgkill(getpid(), gettid(), 65), EINVAL, "no such signal");
	fails(syscall(SYS_tgkill, -1, gettid(), 0), EINVAL, "negative group");
	equal(syscall(SYS_tkill, gettid(), 0), 0, "tkill");
	fails(kill(0x3fffffff, 0), ESRCH, "no such process");
	return done();
}
