/* SPDX-License-Identifier: MIT */
/*
 * epoll-forever - a thread in epoll_wait(-1) for the life of the program is woken through a pipe, gets
 * descriptors added meanwhile, and ends when told. UCX and Go live so.
 */
#include "conform.h"
#include <sys/epoll.h>

static int ep, wake[2];
static _Atomic int events, waiting;

static void *loop(void *arg)
{
	struct epoll_event e[8];
	int i, n, running = 1;
	char c;

	while (running) {
		waiting = 1;
		n = epoll_pwait(ep, e, 8, -1, NULL);
		for (i = 0; i < n; i++) {
			if (read(e[i].data.fd, &c, 1) != 1)
				continue;
			if (e[i].data.fd == wake[0])
				running = 0;
			else
				events++;
		}
	}
	return arg;
}

int main(void)
{
	struct epoll_event e = { .events = EPOLLIN };
	int fds[2], i;
	pthread_t t;

	ep = must(epoll_create1(0));
	must(pipe2(wake, O_NONBLOCK));
	e.data.fd = wake[0];
	must(epoll_ctl(ep, EPOLL_CTL_ADD, wake[0], &e));
	t = thread(loop, NULL);
	until(waiting);
	sleep_ms(10);
	must(pipe2(fds, O_NONBLOCK));
	e.data.fd = fds[0];
	must(epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &e));
	for (i = 0; i < 20; i++) {
		must(write(fds[1], "x", 1));
		until(events == i + 1);
	}
	equal(events, 20, "events");
	must(write(wake[1], "q", 1));
	join(t);
	check(1, "ended");
	return done();
}
