/* SPDX-License-Identifier: MIT */
/*
 * mixed-wait - one poll waits for pipe, socket, timer, event and signal descriptors and tells each as it
 * comes. Catches kinds that do not wake a wait.
 */
#include "conform.h"
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

static int fds[2], pair[2], event_fd, seen;

static void *feed(void *arg)
{
	int step;

	for (step = 1; step < 31; step = (step << 1) | 1) {
		sleep_ms(2);
		if (step == 1)
			must(write(fds[1], "x", 1));
		else if (step == 3)
			must(write(pair[1], "x", 1));
		else if (step == 7)
			must(eventfd_write(event_fd, 1));
		else
			must(kill(getpid(), SIGUSR1));
	}
	return arg;
}

int main(void)
{
	struct itimerspec spec = { timespec(0), timespec(15 * MS) };
	struct pollfd p[5];
	sigset_t set;
	pthread_t t;
	int i;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	must(pipe(fds));
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	event_fd = must(eventfd(0, 0));
	p[0] = (struct pollfd){ fds[0], POLLIN, 0 };
	p[1] = (struct pollfd){ pair[0], POLLIN, 0 };
	p[2] = (struct pollfd){ event_fd, POLLIN, 0 };
	p[3] = (struct pollfd){ must(signalfd(-1, &set, 0)), POLLIN, 0 };
	p[4] = (struct pollfd){ must(timerfd_create(CLOCK_MONOTONIC, 0)), POLLIN, 0 };
	must(timerfd_settime(p[4].fd, 0, &spec, NULL));
	t = thread(feed, NULL);
	while (seen != 31 && poll(p, 5, 5000) > 0)
		for (i = 0; i < 5; i++)
			if (p[i].revents & POLLIN) {
				seen |= 1 << i;
				p[i].fd = -1;
			}
	join(t);
	equal(seen, 31, "all five");
	return done();
}
