/* SPDX-License-Identifier: MIT */
/*
 * ppoll-pselect - ppoll and pselect swap the signal mask while they wait: a blocked pending signal ends them
 * with EINTR. Catches the mask being ignored.
 */
#include "conform.h"
#include <poll.h>
#include <sys/select.h>

static _Atomic int hits;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	hits++;
}

int main(void)
{
	struct timespec ts = { 8, 0 }, nothing = { 0, 0 };
	struct pollfd p = { .events = POLLIN };
	sigset_t set, none;
	int fds[2];
	fd_set in;

	must(pipe(fds));
	p.fd = fds[0];
	handle(SIGUSR1, handler, SA_RESTART);
	sigemptyset(&none);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	must(kill(getpid(), SIGUSR1));
	fails(ppoll(&p, 1, &ts, &none), EINTR, "ppoll");
	equal(hits, 1, "its handler");
	must(kill(getpid(), SIGUSR1));
	FD_ZERO(&in);
	FD_SET(fds[0], &in);
	fails(pselect(fds[0] + 1, &in, NULL, NULL, &ts, &none), EINTR, "pselect");
	equal(hits, 2, "its handler");
	must(kill(getpid(), SIGUSR1));
	equal(ppoll(&p, 1, &nothing, NULL), 0, "no mask, still blocked");
	equal(hits, 2, "no handler");
	equal(ts.tv_sec, 8, "the time is not changed");
	return done();
}
