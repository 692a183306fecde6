/* SPDX-License-Identifier: MIT */
/*
 * unmap-in-flight - memory that is unmapped while a call waits to fill it is not filled where it went
 * next. Catches frames reused while a forwarded call can still see them.
 */
#include "conform.h"

static int fds[2];
static char *buffer;
static _Atomic int waiting;

static void *reader(void *arg)
{
	(void)arg;
	waiting = 1;
	if (read(fds[0], buffer, 4 * PAGE) < 0 && errno != EFAULT)
		conform_die("read", errno);
	return NULL;
}

int main(void)
{
	char *text = malloc(4 * PAGE), *fresh;
	int bad = 0, i, n;
	pthread_t t;

	memset(text, 'x', 4 * PAGE);
	must(pipe(fds));
	for (n = 0; n < 5; n++) {
		buffer = anon(4 * PAGE);
		memset(buffer, 0, 4 * PAGE);
		waiting = 0;
		t = thread(reader, NULL);
		until(waiting);
		sleep_ms(5);
		must(munmap(buffer, 4 * PAGE));
		/* The old address stays empty: what lies at another one must not change. */
		must(mmap(buffer, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
		fresh = anon(64 * PAGE);
		for (i = 0; i < 64; i++)
			fresh[(size_t)i * PAGE + 1] = 1;
		must(write(fds[1], text, 4 * PAGE));
		join(t);
		for (i = 0; i < 64; i++)
			bad += fresh[(size_t)i * PAGE] != 0 || fresh[(size_t)i * PAGE + 2] != 0;
		must(munmap(fresh, 64 * PAGE));
		must(fcntl(fds[0], F_SETFL, O_NONBLOCK));
		while (read(fds[0], text, 4 * PAGE) > 0)
			;
		must(fcntl(fds[0], F_SETFL, 0));
		memset(text, 'x', 4 * PAGE);
	}
	equal(bad, 0, "new memory stays zero");
	return done();
}
