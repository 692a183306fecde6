/* SPDX-License-Identifier: MIT */
/*
 * kill - pthread_kill runs the handler in that thread, interrupting its blocking call; signal 0 only
 * asks. Catches signals that go to any thread.
 */
#include "conform.h"

static _Thread_local int mine;
static _Atomic int hit[4], ready;
static int fds[2];

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	hit[mine] += info->si_pid == getpid() ? 1 : 100;
}

static void *work(void *arg)
{
	char c;
	int eintr = 0;

	mine = (int)(uintptr_t)arg;
	ready++;
	while (read(fds[0], &c, 1) < 0)
		eintr += errno == EINTR;
	return (void *)(uintptr_t)eintr;
}

int main(void)
{
	pthread_t t[4];
	uintptr_t i, eintr = 0;

	must(pipe(fds));
	handle(SIGUSR1, handler, 0);
	for (i = 1; i < 4; i++)
		t[i] = thread(work, (void *)i);
	until(ready == 3);
	sleep_ms(10);
	equal(pthread_kill(t[1], 0), 0, "signal 0");
	zero(pthread_kill(t[2], SIGUSR1));
	until(hit[2]);
	zero(pthread_kill(t[3], SIGUSR1));
	until(hit[3]);
	equal(hit[0] * 1000 + hit[1] * 100 + hit[2] * 10 + hit[3], 11, "just those two");
	must(write(fds[1], "xxx", 3));
	for (i = 1; i < 4; i++)
		eintr += (uintptr_t)join(t[i]);
	equal(eintr, 2, "interrupted reads");
	equal(pthread_kill(pthread_self(), 1000), EINVAL, "no such signal");
	return done();
}
