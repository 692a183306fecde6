/* SPDX-License-Identifier: MIT */
/*
 * options - socket options are set and read back, timeouts end a wait, shutdown works by direction, and
 * errors are told. Catches option lengths not carried back.
 */
#include "conform.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

int main(void)
{
	int tcp = must(socket(AF_INET, SOCK_STREAM, 0)), fds[2], value = 0, on = 1;
	struct timeval tv = { 0, 20000 }, got = { 0, 0 };
	struct linger linger = { 1, 2 };
	socklen_t len = sizeof(value);
	char c = 0;

	must(setsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)));
	must(getsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &value, &len));
	check(value && len == sizeof(value), "TCP_NODELAY");
	value = 65536;
	must(setsockopt(tcp, SOL_SOCKET, SO_SNDBUF, &value, sizeof(value)));
	must(getsockopt(tcp, SOL_SOCKET, SO_SNDBUF, &value, &len));
	check(value >= 65536, "SO_SNDBUF");
	must(setsockopt(tcp, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
	len = sizeof(linger);
	linger.l_linger = 0;
	must(getsockopt(tcp, SOL_SOCKET, SO_LINGER, &linger, &len));
	equal(linger.l_linger, 2, "SO_LINGER");
	fails(getsockopt(tcp, SOL_SOCKET, 9999, &value, &len), ENOPROTOOPT, "unknown option");
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	must(setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	len = sizeof(got);
	must(getsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &got, &len));
	check(got.tv_sec == 0 && got.tv_usec == 20000, "SO_RCVTIMEO");
	fails(recv(fds[0], &c, 1, 0), EAGAIN, "the time is up");
	must(send(fds[1], "abc", 3, 0));
	equal(recv(fds[0], &c, 1, MSG_PEEK), 1, "peek");
	must(ioctl(fds[0], FIONREAD, &value));
	equal(value, 3, "still there");
	must(shutdown(fds[1], SHUT_WR));
	fails(send(fds[1], "x", 1, MSG_NOSIGNAL), EPIPE, "shut for writing");
	must(send(fds[0], "y", 1, 0));
	equal(recv(fds[1], &c, 1, 0), 1, "still open for reading");
	fails(shutdown(tcp, SHUT_RD), ENOTCONN, "not connected");
	fails(send(tcp, "x", 1, MSG_NOSIGNAL), EPIPE, "send without connection");
	fails(listen(must(open("/dev/null", O_RDWR)), 1), ENOTSOCK, "not a socket");
	return done();
}
