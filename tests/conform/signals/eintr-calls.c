/* SPDX-License-Identifier: MIT */
/*
 * eintr-calls - pause, nanosleep, select, poll, epoll_wait, sem_wait, sigsuspend, recv and accept end with EINTR
 * on a handler, also where it has SA_RESTART if they never restart. Catches waits that a signal does not end.
 */
#include "conform.h"
#include <poll.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>

static volatile int hits;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	hits++;
}

/* The signal comes again and again, so that one before the call blocks does no harm. */
static void repeat(long ns)
{
	struct itimerspec spec = { timespec(ns), timespec(ns) };
	static timer_t timer;
	static int made;

	if (!made++)
		must(timer_create(CLOCK_MONOTONIC, NULL, &timer));
	must(timer_settime(timer, 0, &spec, NULL));
}

int main(void)
{
	struct sockaddr_un any = { .sun_family = AF_UNIX };
	struct timespec ts = { 100, 0 }, rest = { 0, 0 };
	struct epoll_event event;
	struct pollfd pfd = { .events = POLLIN };
	int fds[2], ep, listener;
	sigset_t none;
	fd_set set;
	sem_t sem;
	char c;

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	ep = must(epoll_create1(0));
	listener = must(socket(AF_UNIX, SOCK_STREAM, 0));
	must(bind(listener, (struct sockaddr *)&any, sizeof(sa_family_t)));
	must(listen(listener, 1));
	must(sem_init(&sem, 0, 0));
	sigemptyset(&none);
	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	pfd.fd = fds[0];
	handle(SIGALRM, handler, SA_RESTART);
	repeat(5 * MS);
	fails(pause(), EINTR, "pause");
	fails(nanosleep(&ts, &rest), EINTR, "nanosleep");
	check(rest.tv_sec == 99 || rest.tv_sec == 100, "which tells what is left");
	fails(select(fds[0] + 1, &set, NULL, NULL, NULL), EINTR, "select");
	fails(poll(&pfd, 1, -1), EINTR, "poll");
	fails(epoll_wait(ep, &event, 1, -1), EINTR, "epoll_wait");
	fails(sigsuspend(&none), EINTR, "sigsuspend");
	handle(SIGALRM, handler, 0);
	fails(sem_wait(&sem), EINTR, "sem_wait");
	fails(recv(fds[0], &c, 1, 0), EINTR, "recv");
	fails(accept(listener, NULL, NULL), EINTR, "accept");
	equal(clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, NULL), EINTR, "clock_nanosleep");
	repeat(0);
	check(hits >= 10, "the handler ran each time");
	return done();
}
