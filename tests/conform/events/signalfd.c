/* SPDX-License-Identifier: MIT */
/*
 * signalfd - a signalfd delivers blocked signals as data, with number, sender and value. Catches signals
 * that stay with the isle.
 */
#include "conform.h"
#include <poll.h>
#include <sys/signalfd.h>

int main(void)
{
	struct signalfd_siginfo info = { 0 };
	struct pollfd p = { .events = POLLIN };
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN);
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	fd = must(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
	fails(read(fd, &info, sizeof(info)), EAGAIN, "nothing");
	must(kill(getpid(), SIGUSR1));
	p.fd = fd;
	equal(poll(&p, 1, 5000), 1, "poll");
	equal(read(fd, &info, sizeof(info)), sizeof(info), "read");
	equal(info.ssi_signo, SIGUSR1, "number");
	check(info.ssi_pid == (uint32_t)getpid(), "sender");
	must(sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 42 }));
	equal(read(fd, &info, sizeof(info)), sizeof(info), "a queued one");
	equal(info.ssi_int, 42, "value");
	return done();
}
