/* SPDX-License-Identifier: MIT */
/*
 * file-offset - files can be mapped from a page offset, not from others; descriptors that cannot be mapped
 * say why. Catches offsets counted in bytes and pages mixed up.
 */
#include "conform.h"

int main(void)
{
	char *text = malloc(4 * PAGE), *p;
	int fd, i, fds[2];

	enter_tempdir();
	for (i = 0; i < 4; i++)
		memset(text + (size_t)i * PAGE, '0' + i, PAGE);
	fd = make_file("f", text, 4 * PAGE);
	p = must(mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 2 * (off_t)PAGE));
	equal(p[0] * 256 + p[2 * PAGE - 1], '2' * 256 + '3', "the third and fourth page");
	fails(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 100), EINVAL, "offset not of a page");
	fails(mmap(NULL, 0, PROT_READ, MAP_PRIVATE, fd, 0), EINVAL, "no length");
	fails(mmap(NULL, PAGE, PROT_READ, 0, fd, 0), EINVAL, "neither shared nor private");
	fails(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0), EBADF, "no descriptor");
	must(pipe(fds));
	fails(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fds[0], 0), ENODEV, "a pipe");
	must(close(fd));
	fd = must(open("f", O_WRONLY));
	fails(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), EACCES, "a file open for writing only");
	return done();
}
