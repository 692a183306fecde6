/* SPDX-License-Identifier: MIT */
/*
 * unix-stream - a stream server and client over a path: bind, listen, accept, names of both ends, data,
 * end of file. Catches addresses read with the wrong length.
 */
#include "conform.h"
#include <sys/socket.h>
#include <sys/un.h>

static struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };

static void *client(void *arg)
{
	int fd = must(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	struct sockaddr_un peer;
	socklen_t len = sizeof(peer);
	char buffer[16] = "";

	(void)arg;
	must(connect(fd, (struct sockaddr *)&address, sizeof(address)));
	must(getpeername(fd, (struct sockaddr *)&peer, &len));
	check(!strcmp(peer.sun_path, "socket"), "getpeername");
	must(send(fd, "question", 8, 0));
	equal(recv(fd, buffer, 16, MSG_WAITALL), 6, "answer, then end of file");
	check(!strcmp(buffer, "answer"), "its data");
	return NULL;
}

int main(void)
{
	int fd, conn, flag;
	struct sockaddr_un peer;
	socklen_t len = sizeof(peer);
	char buffer[16] = "";
	pthread_t t;

	enter_tempdir();
	fd = must(socket(AF_UNIX, SOCK_STREAM, 0));
	equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0, "bind");
	conn = must(socket(AF_UNIX, SOCK_STREAM, 0));
	fails(bind(conn, (struct sockaddr *)&address, sizeof(address)), EADDRINUSE, "a name in use");
	equal(listen(fd, 5), 0, "listen");
	t = thread(client, NULL);
	conn = must(accept4(fd, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC));
	flag = fcntl(conn, F_GETFD);
	if (recv(conn, buffer, 8, MSG_WAITALL) != 8 || memcmp(buffer, "question", 8))
		conform_die("question", errno);
	must(write(conn, "answer", 6));
	must(close(conn));
	join(t);
	equal(flag, FD_CLOEXEC, "accept4's flag");
	equal(len, sizeof(sa_family_t), "a client without name");
	must(unlink("socket"));
	conn = must(socket(AF_UNIX, SOCK_STREAM, 0));
	fails(connect(conn, (struct sockaddr *)&address, sizeof(address)), ENOENT, "no server");
	return done();
}
