/* SPDX-License-Identifier: MIT */
/*
 * many-threads - eight pairs of threads talk over eight socket pairs at once, 300 messages each. Catches
 * replies given to the wrong caller.
 */
#include "conform.h"
#include <sys/socket.h>

static int fds[8][2];

static void *echo(void *arg)
{
	int fd = fds[(uintptr_t)arg][1];
	char buffer[64];
	ssize_t n;

	while ((n = recv(fd, buffer, sizeof(buffer), 0)) > 0)
		must(send(fd, buffer, (size_t)n, 0));
	return NULL;
}

static void *ask(void *arg)
{
	uintptr_t me = (uintptr_t)arg, bad = 0;
	char out[64], in[64];
	int i, n;

	for (i = 0; i < 300; i++) {
		n = snprintf(out, sizeof(out), "pair %d message %d", (int)me, i);
		must(send(fds[me][0], out, (size_t)n, 0));
		bad += recv(fds[me][0], in, sizeof(in), 0) != n || memcmp(in, out, (size_t)n);
	}
	must(shutdown(fds[me][0], SHUT_RDWR));
	return (void *)bad;
}

int main(void)
{
	pthread_t e[8], a[8];
	uintptr_t i, bad = 0;

	for (i = 0; i < 8; i++) {
		must(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds[i]));
		e[i] = thread(echo, (void *)i);
		a[i] = thread(ask, (void *)i);
	}
	for (i = 0; i < 8; i++) {
		bad += (uintptr_t)join(a[i]);
		join(e[i]);
	}
	equal(bad, 0, "own answers");
	return done();
}
