/* SPDX-License-Identifier: MIT */
/*
 * beyond-eof - shared pages behind the end of the file are SIGBUS until the file grows, and again after it
 * shrinks. Catches pinned pages that outlive the file's size.
 */
#include "conform.h"

int main(void)
{
	int fd = must(memfd_create("conform", 0));
	char *p;

	must(ftruncate(fd, PAGE));
	p = must(mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	check_fault(caught(touch_read, p + PAGE), SIGBUS, BUS_ADRERR, p + PAGE, "behind the end");
	must(ftruncate(fd, 3 * PAGE));
	equal(caught(touch_write, p + PAGE).sig, 0, "the file grew");
	p[2 * PAGE] = 'x';
	must(ftruncate(fd, 2 * PAGE));
	equal(p[PAGE], 1, "what is left");
	equal(caught(touch_read, p + 2 * PAGE).sig, SIGBUS, "the file shrank");
	return done();
}
