/* SPDX-License-Identifier: MIT */
/*
 * sockets - every socket call answers EFAULT for a pointer to nowhere.
 */
#include "pointers.h"
#include <netinet/in.h>
#include <sys/socket.h>

int main(void)
{
	static struct msghdr msg, control;
	static struct iovec iov;
	static socklen_t len = 16;
	static struct mmsghdr many;
	int fds[2], udp, listener;
	struct sockaddr_in any = { .sin_family = AF_INET };

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	must(write(fds[1], "hello", 5));
	udp = must(socket(AF_INET, SOCK_DGRAM, 0));
	must(bind(udp, (struct sockaddr *)&any, sizeof(any)));
	listener = must(socket(AF_INET, SOCK_STREAM, 0));
	must(listen(listener, 1));
	iov = (struct iovec){ (void *)(uintptr_t)8, 10 };
	msg = (struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1 };
	control = (struct msghdr){ .msg_iov = (void *)(uintptr_t)8, .msg_iovlen = 1 };
	many.msg_hdr = control;
	{
		const struct bad_call calls[] = {
			CALL(bind, udp, BAD, 16), CALL(connect, udp, BAD, 16),
			CALL(getsockname, udp, BAD, (long)&len), CALL(getsockname, udp, (long)&any, BAD),
			CALL(getpeername, fds[0], (long)&any, BAD), CALL(sendto, fds[0], BAD, 5, 0, 0, 0),
			CALL(sendto, udp, (long)"x", 1, 0, BAD, 16), CALL(recvfrom, fds[0], BAD, 5, 0, 0, 0),
			CALL(sendmsg, fds[0], BAD, 0), CALL(recvmsg, fds[0], BAD, 0),
			CALL(sendmsg, fds[0], (long)&msg, 0), CALL(recvmsg, fds[0], (long)&msg, 0),
			CALL(sendmsg, fds[0], (long)&control, 0), CALL(recvmsg, fds[0], (long)&control, 0),
			CALL(setsockopt, udp, SOL_SOCKET, SO_REUSEADDR, BAD, 4),
			CALL(getsockopt, udp, SOL_SOCKET, SO_TYPE, (long)&any, BAD),
			CALL(getsockopt, udp, SOL_SOCKET, SO_TYPE, BAD, (long)&len),
			CALL(socketpair, AF_UNIX, SOCK_STREAM, 0, BAD), CALL(sendmmsg, fds[0], BAD, 1, 0),
			CALL(sendmmsg, fds[0], (long)&many, 1, 0),
		};

		try_calls(calls, COUNT(calls));
	}
	return done();
}
