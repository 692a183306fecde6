/* SPDX-License-Identifier: MIT */
/*
 * dontneed - MADV_DONTNEED makes anonymous memory zero again and private file memory the file's content
 * again. Catches it being a no-op: malloc and Go rely on the zeroes.
 */
#include "conform.h"

int main(void)
{
	char *p = anon(8 * PAGE), text[PAGE];
	int fd;

	memset(p, 'a', 8 * PAGE);
	must(madvise(p + 2 * PAGE, 3 * PAGE, MADV_DONTNEED));
	equal(p[2 * PAGE - 1], 'a', "before it");
	equal(p[2 * PAGE] | p[3 * PAGE] | p[5 * PAGE - 1], 0, "zero");
	equal(p[5 * PAGE], 'a', "behind it");
	p[3 * PAGE] = 'b';
	equal(p[3 * PAGE], 'b', "usable again");
	enter_tempdir();
	memset(text, 'f', PAGE);
	fd = make_file("f", text, PAGE);
	p = must(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	p[10] = 'x';
	must(madvise(p, PAGE, MADV_DONTNEED));
	equal(p[10], 'f', "private file page is the file's again");
	return done();
}
