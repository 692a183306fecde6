/* SPDX-License-Identifier: MIT */
/*
 * append - O_APPEND writes go to the end wherever the offset is, from two descriptors and two threads without
 * loss. Catches append done by seek and write.
 */
#include "conform.h"

static void *work(void *arg)
{
	int fd = must(open("f", O_WRONLY | O_APPEND)), i;

	for (i = 0; i < 200; i++)
		must(write(fd, arg, 10));
	must(close(fd));
	return NULL;
}

int main(void)
{
	char a[] = "aaaaaaaaa\n", b[] = "bbbbbbbbb\n", line[16];
	int fd, n[2] = { 0, 0 }, bad = 0;
	pthread_t t[2];
	FILE *f;

	enter_tempdir();
	fd = make_file("f", "", 0);
	t[0] = thread(work, a);
	t[1] = thread(work, b);
	join(t[0]);
	join(t[1]);
	f = fdopen(fd, "r");
	while (fgets(line, sizeof(line), f)) {
		n[line[0] == 'b']++;
		bad += strcmp(line, a) && strcmp(line, b);
	}
	equal(n[0] * 1000 + n[1], 200200, "lines");
	equal(bad, 0, "whole lines");
	fd = must(open("f", O_RDWR | O_APPEND));
	must(lseek(fd, 0, SEEK_SET));
	must(write(fd, "end", 3));
	equal(lseek(fd, 0, SEEK_CUR), 4003, "the offset goes along");
	return done();
}
