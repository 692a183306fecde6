/* SPDX-License-Identifier: MIT */
/*
 * fifo - a FIFO's open waits for the other side, O_NONBLOCK does not; data goes through it. Catches opens
 * that block the whole program.
 */
#include "conform.h"

static void *reader(void *arg)
{
	char buffer[8] = "";
	int fd = must(open("fifo", O_RDONLY));

	(void)arg;
	equal(read(fd, buffer, 8), 3, "read");
	check(!strcmp(buffer, "abc"), "its data");
	equal(read(fd, buffer, 8), 0, "end of file");
	return NULL;
}

int main(void)
{
	struct stat st;
	pthread_t t;
	int fd;

	enter_tempdir();
	equal(mkfifo("fifo", 0600), 0, "mkfifo");
	must(stat("fifo", &st));
	check(S_ISFIFO(st.st_mode), "is one");
	fails(open("fifo", O_WRONLY | O_NONBLOCK), ENXIO, "no reader");
	t = thread(reader, NULL);
	fd = must(open("fifo", O_WRONLY));
	must(write(fd, "abc", 3));
	must(close(fd));
	join(t);
	check(open("fifo", O_RDONLY | O_NONBLOCK) >= 0, "reading end without waiting");
	return done();
}
