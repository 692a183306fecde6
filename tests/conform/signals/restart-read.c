/* SPDX-License-Identifier: MIT */
/*
 * restart-read - SA_RESTART lets a blocked read go on after a handler, without it read fails with EINTR. Catches
 * forwarded calls that signals do not reach, or that lose data.
 */
#include "conform.h"

static int fds[2];
static _Atomic int ready, hits, eintr;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	hits++;
}

static void *reader(void *arg)
{
	char c = 0;

	(void)arg;
	eintr = 0;
	ready = 1;
	while (read(fds[0], &c, 1) < 0 && errno == EINTR)
		eintr++;
	return (void *)(uintptr_t)c;
}

static void run(int flags, int want, const char *name)
{
	pthread_t t;

	hits = ready = 0;
	handle(SIGUSR1, handler, flags);
	t = thread(reader, NULL);
	until(ready);
	sleep_ms(10);
	zero(pthread_kill(t, SIGUSR1));
	until(hits == 1);
	sleep_ms(10);
	zero(pthread_kill(t, SIGUSR1));
	until(hits == 2);
	must(write(fds[1], "z", 1));
	equal((uintptr_t)join(t), 'z', "%s: data", name);
	equal(eintr, want, "%s: interruptions", name);
}

int main(void)
{
	must(pipe(fds));
	run(SA_RESTART, 0, "restart");
	run(0, 2, "no restart");
	return done();
}
