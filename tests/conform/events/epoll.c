/* SPDX-License-Identifier: MIT */
/*
 * epoll - level and edge triggering, one-shot, changing, removing, the data word, and the errors of
 * epoll. Catches packed structs copied with padding.
 */
#include "conform.h"
#include <sys/epoll.h>

static int wait_one(int ep, uint64_t *data)
{
	struct epoll_event e[4] = { { 0, { .u64 = 0 } } };
	int n = epoll_wait(ep, e, 4, 0);

	*data = e[0].data.u64;
	return n > 0 ? (int)e[0].events : -n;
}

int main(void)
{
	struct epoll_event e = { EPOLLIN, { .u64 = 0x1122334455667788 } };
	int ep = must(epoll_create1(EPOLL_CLOEXEC)), fds[2], ep2;
	uint64_t data;
	char c;

	must(pipe(fds));
	equal(epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &e), 0, "add");
	fails(epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &e), EEXIST, "again");
	equal(wait_one(ep, &data), 0, "nothing yet");
	must(write(fds[1], "xy", 2));
	equal(wait_one(ep, &data), EPOLLIN, "readable");
	check(data == 0x1122334455667788, "the data word");
	equal(wait_one(ep, &data), EPOLLIN, "level: still");
	e.events = EPOLLIN | EPOLLET;
	must(epoll_ctl(ep, EPOLL_CTL_MOD, fds[0], &e));
	equal(wait_one(ep, &data), EPOLLIN, "edge: once");
	equal(wait_one(ep, &data), 0, "edge: not again");
	must(write(fds[1], "z", 1));
	equal(wait_one(ep, &data), EPOLLIN, "edge: on new data");
	e.events = EPOLLIN | EPOLLONESHOT;
	must(epoll_ctl(ep, EPOLL_CTL_MOD, fds[0], &e));
	equal(wait_one(ep, &data), EPOLLIN, "one-shot");
	equal(wait_one(ep, &data), 0, "one-shot: over");
	ep2 = must(epoll_create(1));
	e.events = EPOLLIN;
	must(epoll_ctl(ep, EPOLL_CTL_MOD, fds[0], &e));
	must(epoll_ctl(ep2, EPOLL_CTL_ADD, ep, &e));
	equal(wait_one(ep2, &data), EPOLLIN, "nested");
	fails(epoll_ctl(ep, EPOLL_CTL_ADD, ep2, &e), ELOOP, "a circle");
	must(epoll_ctl(ep, EPOLL_CTL_DEL, fds[0], NULL));
	fails(epoll_ctl(ep, EPOLL_CTL_MOD, fds[0], &e), ENOENT, "removed");
	must(read(fds[0], &c, 1));
	fails(epoll_ctl(ep, EPOLL_CTL_ADD, must(open("/dev/shm", O_RDONLY)), &e), EPERM, "a directory");
	fails(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &e), EINVAL, "itself");
	fails(epoll_wait(ep, &e, 0, 0), EINVAL, "room for none");
	fails(epoll_wait(fds[0], &e, 1, 0), EINVAL, "not an epoll");
	return done();
}
