/* SPDX-License-Identifier: MIT */
/*
 * partial-write - a write that a handler interrupts half-way returns what was written; nothing is lost or
 * doubled. Catches forwarded writes that are made again from the start.
 */
#include "conform.h"

static int fds[2];
static _Atomic int ready, hits;
static _Atomic long written;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	hits++;
}

static void *writer(void *arg)
{
	ready = 1;
	written = write(fds[1], arg, MIB);
	close(fds[1]);
	return NULL;
}

int main(void)
{
	static char data[1024 * 1024], in[65536];
	long got = 0, wrong = 0;
	pthread_t t;
	ssize_t n;
	size_t i;

	for (i = 0; i < MIB; i++)
		data[i] = (char)(i * 31 >> 5);
	must(pipe(fds));
	handle(SIGUSR1, handler, SA_RESTART);
	t = thread(writer, data);
	until(ready);
	sleep_ms(20);
	zero(pthread_kill(t, SIGUSR1));
	until(hits);
	while ((n = read(fds[0], in, sizeof(in))) > 0)
		for (i = 0; i < (size_t)n; i++)
			wrong += in[i] != data[got++];
	join(t);
	check(written > 0 && written < (long)MIB, "a part");
	check(got == written, "as much as was said");
	equal(wrong, 0, "in order");
	return done();
}
