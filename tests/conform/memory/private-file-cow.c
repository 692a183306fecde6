/* SPDX-License-Identifier: MIT */
/*
 * private-file-cow - a private file mapping shows the file, a write to it stays private, untouched pages
 * follow pread. Catches writes that reach the file.
 */
#include "conform.h"

int main(void)
{
	char *text = malloc(5 * PAGE), c, *p;
	int fd, i;

	enter_tempdir();
	for (i = 0; i < 5; i++)
		memset(text + (size_t)i * PAGE, 'a' + i, PAGE);
	fd = make_file("f", text, 5 * PAGE);
	p = must(mmap(NULL, 5 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	check(!memcmp(p, text, 5 * PAGE), "shows the file");
	p[2 * PAGE] = 'X';
	must(pread(fd, &c, 1, 2 * (off_t)PAGE));
	equal(c, 'c', "the file is not written");
	equal(p[2 * PAGE], 'X', "the mapping is");
	equal(p[2 * PAGE + 1], 'c', "the rest of that page came along");
	must(close(fd));
	must(unlink("f"));
	equal(p[4 * PAGE], 'e', "lives without descriptor and name");
	fd = must(open("f", O_CREAT | O_RDWR, 0400));
	must(close(fd));
	fd = must(open("f", O_RDONLY));
	check(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0) != MAP_FAILED,
		"writable of a read-only file");
	fails(mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED, fd, 0), EACCES, "shared and writable is refused");
	return done();
}
