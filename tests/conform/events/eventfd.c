/* SPDX-License-Identifier: MIT */
/*
 * eventfd - an eventfd adds up, hands out all or one at a time, blocks when 0 and when full, wakes its reader
 * in another thread. Catches 8-byte values cut.
 */
#include "conform.h"
#include <poll.h>
#include <sys/eventfd.h>

static void *add(void *arg)
{
	eventfd_t n = 3;

	sleep_ms(5);
	must(write(*(int *)arg, &n, sizeof(n)));
	return NULL;
}

int main(void)
{
	int fd = must(eventfd(5, EFD_NONBLOCK)), sem = must(eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK)), block;
	eventfd_t n = 0;
	struct pollfd p = { fd, POLLIN | POLLOUT, 0 };
	pthread_t t;

	must(eventfd_write(fd, 1ull << 40));
	equal(read(fd, &n, sizeof(n)), 8, "read");
	check(n == (1ull << 40) + 5, "the sum");
	fails(read(fd, &n, sizeof(n)), EAGAIN, "0 is empty");
	must(eventfd_write(fd, UINT64_MAX - 1));
	must(poll(&p, 1, 0));
	equal(p.revents, POLLIN, "full is not writable");
	n = 1;
	fails(write(fd, &n, sizeof(n)), EAGAIN, "full");
	n = UINT64_MAX;
	fails(write(fd, &n, sizeof(n)), EINVAL, "too large");
	fails(read(fd, &n, 4), EINVAL, "too little room");
	must(eventfd_read(sem, &n));
	equal(n, 1, "semaphore: one");
	must(eventfd_read(sem, &n));
	fails(read(sem, &n, sizeof(n)), EAGAIN, "semaphore: two were there");
	block = must(eventfd(0, 0));
	t = thread(add, &block);
	must(eventfd_read(block, &n));
	equal(n, 3, "waited for");
	join(t);
	return done();
}
