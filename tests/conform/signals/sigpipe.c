/* SPDX-License-Identifier: MIT */
/*
 * sigpipe - writing to a pipe or socket without reader raises SIGPIPE and gives EPIPE; MSG_NOSIGNAL gives
 * EPIPE only. Catches the proxy getting the signal instead.
 */
#include "conform.h"
#include <sys/socket.h>

static volatile int hits;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	(void)info;
	hits += sig == SIGPIPE;
}

int main(void)
{
	int fds[2];

	handle(SIGPIPE, handler, 0);
	must(pipe(fds));
	must(close(fds[0]));
	fails(write(fds[1], "x", 1), EPIPE, "pipe");
	equal(hits, 1, "pipe: signal");
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	must(close(fds[0]));
	fails(write(fds[1], "x", 1), EPIPE, "socket");
	equal(hits, 2, "socket: signal");
	fails(send(fds[1], "x", 1, MSG_NOSIGNAL), EPIPE, "MSG_NOSIGNAL");
	equal(hits, 2, "MSG_NOSIGNAL: no signal");
	signal(SIGPIPE, SIG_IGN);
	fails(write(fds[1], "x", 1), EPIPE, "ignored");
	return done();
}
