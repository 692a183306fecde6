/* SPDX-License-Identifier: MIT */
/*
 * connect-nonblocking - a non-blocking connect is EINPROGRESS, poll tells when it is done, SO_ERROR how;
 * a closed port refuses. Catches connects that are waited for.
 */
#include "conform.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

static int try_connect(struct sockaddr_in *to)
{
	int fd = must(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)), err = -1;
	struct pollfd p = { fd, POLLOUT, 0 };
	socklen_t len = sizeof(err);

	if (connect(fd, (struct sockaddr *)to, sizeof(*to)) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	must(poll(&p, 1, 5000));
	must(getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len));
	return err;
}

int main(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = must(socket(AF_INET, SOCK_STREAM, 0));
	socklen_t len = sizeof(to);

	must(bind(fd, (struct sockaddr *)&to, sizeof(to)));
	must(getsockname(fd, (struct sockaddr *)&to, &len));
	must(listen(fd, 4));
	equal(try_connect(&to), 0, "connected");
	must(fcntl(fd, F_SETFL, O_NONBLOCK));
	check(accept(fd, NULL, NULL) >= 0, "accepted");
	fails(accept(fd, NULL, NULL), EAGAIN, "nobody else");
	must(close(fd));
	equal(try_connect(&to), ECONNREFUSED, "refused");
	return done();
}
