/* SPDX-License-Identifier: MIT */
/*
 * transfer - 16 MiB go through a pipe between two threads in odd pieces, with the right sum. Catches lost
 * or doubled data when both sides block.
 */
#include "conform.h"

static int fds[2];

static void *writer(void *arg)
{
	static unsigned char buffer[70000];
	size_t left = 16 * MIB, at = 0, n;

	(void)arg;
	while (left) {
		n = left < 69997 ? left : 69997;
		for (size_t i = 0; i < n; i++)
			buffer[i] = (unsigned char)((at + i) * 7 >> 3);
		if (write(fds[1], buffer, n) != (ssize_t)n)
			conform_die("write", errno);
		at += n;
		left -= n;
	}
	must(close(fds[1]));
	return NULL;
}

int main(void)
{
	static unsigned char buffer[50000];
	size_t at = 0;
	int bad = 0;
	pthread_t t;
	ssize_t n;

	must(pipe(fds));
	t = thread(writer, NULL);
	while ((n = read(fds[0], buffer, 49999)) > 0)
		for (ssize_t i = 0; i < n; i++, at++)
			bad += buffer[i] != (unsigned char)(at * 7 >> 3);
	join(t);
	equal(at, 16 * MIB, "bytes");
	equal(bad, 0, "in order");
	return done();
}
