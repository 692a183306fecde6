/* SPDX-License-Identifier: MIT */
/*
 * private-file-eof - the rest of a mapped file's last page is zero, whole pages behind its end are SIGBUS
 * with BUS_ADRERR. Catches garbage behind the end, and zeroes where a fault is due.
 */
#include "conform.h"

int main(void)
{
	char *p, *tail;
	int fd, bad = 0;
	size_t i;

	enter_tempdir();
	fd = make_file("f", "hello", 5);
	must(ftruncate(fd, PAGE + 100));
	p = must(mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	check(!memcmp(p, "hello", 5), "content");
	for (i = 5; i < 2 * PAGE; i++)
		bad += p[i] != 0;
	equal(bad, 0, "zero to the end of the last page");
	tail = p + 2 * PAGE + 9;
	check_fault(caught(touch_read, tail), SIGBUS, BUS_ADRERR, tail, "read behind the end");
	check_fault(caught(touch_write, tail), SIGBUS, BUS_ADRERR, tail, "write behind the end");
	return done();
}
