/* SPDX-License-Identifier: MIT */
/*
 * tcp-loopback - a TCP server and client on the loopback address move 4 MiB each way, by different calls. Catches
 * short counts and addresses in the wrong byte order.
 */
#include "conform.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define LEN (4 * MIB)

static struct sockaddr_in address;

static int pattern(const unsigned char *p)
{
	size_t i;
	int bad = 0;

	for (i = 0; i < LEN; i++)
		bad += p[i] != (unsigned char)(i * 13 >> 4);
	return bad;
}

static void *client(void *arg)
{
	int fd = must(socket(AF_INET, SOCK_STREAM, 0)), on = 1;
	unsigned char *p = arg;
	size_t done_len = 0;

	must(connect(fd, (struct sockaddr *)&address, sizeof(address)));
	must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)));
	while (done_len < LEN)
		done_len += (size_t)must(read(fd, p + done_len, LEN - done_len));
	equal(pattern(p), 0, "server to client");
	for (done_len = 0; done_len < LEN;)
		done_len += (size_t)must(send(fd, p + done_len, LEN - done_len, MSG_NOSIGNAL));
	must(shutdown(fd, SHUT_WR));
	equal(read(fd, p, 1), 0, "closed by the server");
	return NULL;
}

int main(void)
{
	int fd = must(socket(AF_INET, SOCK_STREAM, 0)), conn, on = 1;
	unsigned char *p = anon(LEN), *q = anon(LEN);
	struct sockaddr_in peer;
	socklen_t len = sizeof(address);
	pthread_t t;
	size_t i;

	for (i = 0; i < LEN; i++)
		p[i] = (unsigned char)(i * 13 >> 4);
	must(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(bind(fd, (struct sockaddr *)&address, sizeof(address)));
	must(getsockname(fd, (struct sockaddr *)&address, &len));
	check(address.sin_port != 0, "a port was chosen");
	must(listen(fd, 1));
	t = thread(client, q);
	len = sizeof(peer);
	conn = must(accept(fd, (struct sockaddr *)&peer, &len));
	check(len == sizeof(peer) && peer.sin_addr.s_addr == htonl(INADDR_LOOPBACK), "the client's address");
	for (i = 0; i < LEN;)
		i += (size_t)must(write(conn, p + i, LEN - i));
	memset(p, 0, LEN);
	equal(recv(conn, p, LEN, MSG_WAITALL), (long)LEN, "MSG_WAITALL");
	equal(pattern(p), 0, "client to server");
	equal(recv(conn, p, 1, 0), 0, "shut down by the client");
	must(close(conn));
	join(t);
	return done();
}
