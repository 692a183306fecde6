/* SPDX-License-Identifier: MIT */
/*
 * seqpacket - seqpacket pairs keep borders and order and end like streams. Catches the type being lost.
 */
#include "conform.h"
#include <sys/socket.h>

int main(void)
{
	char buffer[16] = "";
	int fds[2], value = 0;
	socklen_t len = sizeof(value);

	must(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds));
	must(write(fds[0], "abc", 3));
	must(write(fds[0], "de", 2));
	equal(read(fds[1], buffer, 16), 3, "first");
	equal(read(fds[1], buffer, 16), 2, "second");
	must(getsockopt(fds[0], SOL_SOCKET, SO_TYPE, &value, &len));
	equal(value, SOCK_SEQPACKET, "SO_TYPE");
	must(close(fds[0]));
	equal(read(fds[1], buffer, 16), 0, "end");
	fails(socketpair(AF_INET, SOCK_STREAM, 0, fds), EOPNOTSUPP, "a pair of AF_INET");
	fails(socket(AF_UNIX, 9, 0), ESOCKTNOSUPPORT, "unknown type");
	fails(socket(77, SOCK_STREAM, 0), EAFNOSUPPORT, "unknown family");
	return done();
}
