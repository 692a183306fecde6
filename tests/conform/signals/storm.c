/* SPDX-License-Identifier: MIT */
/*
 * storm - threads that signal each other thousands of times while allocating, locking and calling the kernel
 * neither hang nor break. Catches signals at awkward moments.
 */
#include "conform.h"

static _Atomic int hits, stop;
static pthread_t t[3];
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void handler(int sig, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)sig;
	(void)info;
	(void)context;
	hits++;
	errno = saved;
}

static void *work(void *arg)
{
	int rounds = 0, bad = 0, fd = *(int *)arg;

	while (!stop || rounds < 3) {
		char *p = malloc(100 + (size_t)rounds % 5000), c;

		pthread_mutex_lock(&m);
		p[0] = 'm';
		pthread_mutex_unlock(&m);
		bad += pread(fd, &c, 1, 0) != 1 || c != 'e';
		sched_yield();
		bad += p[0] != 'm';
		free(p);
		rounds++;
	}
	return (void *)(uintptr_t)(bad || !rounds);
}

int main(void)
{
	int fd, i, n;

	enter_tempdir();
	fd = make_file("f", "e", 1);
	handle(SIGUSR1, handler, SA_RESTART);
	for (i = 0; i < 3; i++)
		t[i] = thread(work, &fd);
	for (n = 0; n < 3000; n++)
		zero(pthread_kill(t[n % 3], SIGUSR1));
	stop = 1;
	for (i = 0; i < 3; i++)
		equal((uintptr_t)join(t[i]), 0, "thread %d", i);
	check(hits > 0, "signals arrived");
	return done();
}
