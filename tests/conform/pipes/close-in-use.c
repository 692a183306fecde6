/* SPDX-License-Identifier: MIT */
/*
 * close-in-use - closing a descriptor in which another thread is blocked does not disturb that call; the
 * number is free at once. Catches calls bound to numbers instead of files.
 */
#include "conform.h"

static int fds[2];
static _Atomic int ready;

static void *reader(void *arg)
{
	char c = 0;

	ready = 1;
	return read(*(int *)arg, &c, 1) == 1 ? (void *)(uintptr_t)c : NULL;
}

int main(void)
{
	int number, again;
	pthread_t t;

	must(pipe(fds));
	number = fds[0];
	t = thread(reader, &number);
	until(ready);
	sleep_ms(10);
	must(close(fds[0]));
	again = must(open("/dev/null", O_RDONLY));
	equal(again - fds[0], 0, "the number is free");
	must(write(fds[1], "k", 1));
	equal((uintptr_t)join(t), 'k', "the blocked read ends as it began");
	return done();
}
