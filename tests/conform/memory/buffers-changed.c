/* SPDX-License-Identifier: MIT */
/*
 * buffers-changed - what a call writes or reads is the mapping as it is now: after MAP_FIXED, mremap,
 * MADV_DONTNEED, unmap and map again, copy-on-write. Catches a mirror that lags behind the program.
 */
#include "conform.h"

static int fd;

static int shown(const char *p)
{
	char c = 0;

	if (pwrite(fd, p, 1, 0) != 1 || pread(fd, &c, 1, 0) != 1)
		return -1;
	return c;
}

int main(void)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, rw = PROT_READ | PROT_WRITE, file;
	char *p = anon(64 * PAGE), *q;

	enter_tempdir();
	fd = make_file("f", "x", 1);
	memset(p, 'a', 64 * PAGE);
	equal(shown(p), 'a', "written");
	must(mmap(p, PAGE, rw, flags, -1, 0));
	equal(shown(p), 0, "replaced");
	p[0] = 'b';
	equal(shown(p), 'b', "written again");
	q = must(mremap(p, 8 * PAGE, 128 * PAGE, MREMAP_MAYMOVE));
	equal(shown(q) * 1000 + shown(q + PAGE), 'b' * 1000 + 'a', "moved");
	fails(pwrite(fd, p, 1, 0), EFAULT, "the old place");
	must(madvise(q, PAGE, MADV_DONTNEED));
	equal(shown(q), 0, "dropped");
	must(munmap(q, PAGE));
	fails(pwrite(fd, q, 1, 0), EFAULT, "unmapped");
	must(mmap(q, PAGE, rw, flags, -1, 0));
	q[0] = 'c';
	equal(shown(q), 'c', "mapped again");
	file = make_file("g", "gggg", 4);
	q = must(mmap(NULL, PAGE, rw, MAP_PRIVATE, file, 0));
	equal(shown(q), 'g', "file page");
	q[0] = 'h';
	equal(shown(q), 'h', "file page copied");
	must(pread(file, q + 1, 1, 0));
	equal(q[0] * 1000 + q[1], 'h' * 1000 + 'g', "read into it");
	return done();
}
