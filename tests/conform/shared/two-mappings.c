/* SPDX-License-Identifier: MIT */
/*
 * two-mappings - two mappings of one file show each other's writes and those by pwrite, also with an offset
 * and after remapping. Catches pages that are copies.
 */
#include "conform.h"

int main(void)
{
	char *a, *b, c = 0;
	int fd, rw = PROT_READ | PROT_WRITE;

	enter_tempdir();
	fd = make_file("f", "abc", 3);
	must(ftruncate(fd, 4 * PAGE));
	a = must(mmap(NULL, 4 * PAGE, rw, MAP_SHARED, fd, 0));
	b = must(mmap(NULL, PAGE, rw, MAP_SHARED, fd, 2 * (off_t)PAGE));
	a[2 * PAGE + 5] = 'x';
	equal(b[5], 'x', "written by one, seen by the other");
	b[6] = 'y';
	must(pread(fd, &c, 1, 2 * (off_t)PAGE + 6));
	equal(c, 'y', "seen by pread");
	must(pwrite(fd, "z", 1, 2 * (off_t)PAGE + 7));
	equal(a[2 * PAGE + 7] + b[7], 2 * 'z', "written by pwrite");
	equal(msync(a, 4 * PAGE, MS_SYNC), 0, "msync");
	a = must(mremap(a, 4 * PAGE, 3 * PAGE, 0));
	a[2 * PAGE] = 'q';
	equal(b[0], 'q', "after mremap");
	must(madvise(b, PAGE, MADV_DONTNEED));
	equal(b[0], 'q', "DONTNEED drops nothing shared");
	must(mprotect(b, PAGE, PROT_READ));
	check(caught(touch_write, b).code == SEGV_ACCERR, "protected");
	a[2 * PAGE] = 'r';
	equal(b[0], 'r', "and still shared");
	return done();
}
