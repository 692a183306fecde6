/* SPDX-License-Identifier: MIT */
/*
 * udp-loopback - UDP datagrams by sendto, sendmmsg and recvmmsg, peeking, cutting, connecting and
 * refusal. Catches message vectors whose lengths are not written back.
 */
#include "conform.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static int bound(struct sockaddr_in *address)
{
	int fd = must(socket(AF_INET, SOCK_DGRAM, 0));
	socklen_t len = sizeof(*address);

	*address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	must(bind(fd, (struct sockaddr *)address, sizeof(*address)));
	must(getsockname(fd, (struct sockaddr *)address, &len));
	return fd;
}

int main(void)
{
	struct sockaddr_in to, me, from;
	int a = bound(&to), b = bound(&me), i;
	char text[3][8] = { "1", "22", "333" }, buffer[4][8];
	struct iovec out[3], in[4];
	struct mmsghdr msgs[4] = { 0 };
	struct timespec ts = { 5, 0 };
	socklen_t len = sizeof(from);

	for (i = 0; i < 4; i++) {
		in[i] = (struct iovec){ buffer[i], 8 };
		if (i == 3)
			break;
		out[i] = (struct iovec){ text[i], (size_t)i + 1 };
		msgs[i].msg_hdr = (struct msghdr){ .msg_iov = &out[i], .msg_iovlen = 1, .msg_name = &to,
						   .msg_namelen = sizeof(to) };
	}
	equal(sendmmsg(b, msgs, 3, 0), 3, "sendmmsg");
	equal(msgs[0].msg_len + 10 * msgs[1].msg_len + 100 * msgs[2].msg_len, 321, "lengths sent");
	equal(recv(a, buffer[0], 8, MSG_PEEK), 1, "peek");
	memset(msgs, 0, sizeof(msgs));
	for (i = 0; i < 4; i++)
		msgs[i].msg_hdr = (struct msghdr){ .msg_iov = &in[i], .msg_iovlen = 1 };
	equal(recvmmsg(a, msgs, 4, MSG_WAITFORONE, &ts), 3, "recvmmsg");
	equal(msgs[0].msg_len + 10 * msgs[1].msg_len + 100 * msgs[2].msg_len, 321, "lengths received");
	check(!memcmp(buffer[2], "333", 3), "data");
	must(sendto(b, "long message", 12, 0, (struct sockaddr *)&to, sizeof(to)));
	equal(recvfrom(a, buffer[0], 4, MSG_TRUNC, (struct sockaddr *)&from, &len), 12, "cut");
	check(from.sin_port == me.sin_port && len == sizeof(from), "the sender");
	must(close(a));
	must(connect(b, (struct sockaddr *)&to, sizeof(to)));
	must(send(b, "x", 1, 0));
	fails(recv(b, buffer[0], 8, 0), ECONNREFUSED, "nobody there");
	return done();
}
