/* SPDX-License-Identifier: MIT */
/*
 * unix-dgram - datagrams keep their borders, tell the sender's name, are cut when the buffer is short;
 * autobind gives a name, the abstract name space works. UCX sends itself such datagrams.
 */
#include "conform.h"
#include <sys/socket.h>
#include <sys/un.h>

int main(void)
{
	struct sockaddr_un name, from, abstract = { .sun_family = AF_UNIX };
	int a = must(socket(AF_UNIX, SOCK_DGRAM, 0)), b = must(socket(AF_UNIX, SOCK_DGRAM, 0));
	socklen_t len = sizeof(name);
	char buffer[16] = "";

	must(bind(a, (struct sockaddr *)&abstract, sizeof(sa_family_t)));
	must(getsockname(a, (struct sockaddr *)&name, &len));
	check(len == sizeof(sa_family_t) + 6 && name.sun_path[0] == 0, "autobind");
	equal(sendto(b, "one", 3, 0, (struct sockaddr *)&name, len), 3, "sendto");
	equal(sendto(b, "three", 5, 0, (struct sockaddr *)&name, len), 5, "and another");
	equal(recv(a, buffer, 16, 0), 3, "borders kept");
	equal(recv(a, buffer, 2, MSG_TRUNC), 5, "cut, and the length told");
	snprintf(abstract.sun_path + 1, 100, "conform-%d", getpid());
	must(bind(b, (struct sockaddr *)&abstract, sizeof(abstract)));
	must(sendto(b, "x", 1, 0, (struct sockaddr *)&name, len));
	len = sizeof(from);
	equal(recvfrom(a, buffer, 16, 0, (struct sockaddr *)&from, &len), 1, "recvfrom");
	check(len == sizeof(abstract) && !memcmp(&from, &abstract, len), "the sender's name");
	fails(recv(a, buffer, 1, MSG_DONTWAIT), EAGAIN, "nothing left");
	fails(sendto(b, "x", 1, 0, NULL, 0), ENOTCONN, "to nobody");
	must(connect(b, (struct sockaddr *)&name, sizeof(sa_family_t) + 6));
	equal(send(b, "y", 1, 0), 1, "connected");
	return done();
}
