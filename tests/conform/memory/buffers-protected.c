/* SPDX-License-Identifier: MIT */
/*
 * buffers-protected - calls respect protection: EFAULT when reading into read-only or writing from PROT_NONE
 * memory, short counts at a border. Catches a proxy that writes where the program could not.
 */
#include "conform.h"

int main(void)
{
	char *p = anon(2 * PAGE);
	int fd;
	long n;

	enter_tempdir();
	memset(p, 'a', 2 * PAGE);
	fd = make_file("f", p, 2 * PAGE);
	must(mprotect(p, PAGE, PROT_READ));
	fails(pread(fd, p, 10, 0), EFAULT, "read into read-only");
	equal(pwrite(fd, p, 10, 0), 10, "write from read-only");
	must(mprotect(p, PAGE, PROT_NONE));
	fails(pwrite(fd, p, 10, 0), EFAULT, "write from nothing");
	fails(pread(fd, p, 10, 0), EFAULT, "read into nothing");
	must(mprotect(p, PAGE, PROT_READ | PROT_WRITE));
	must(munmap(p + PAGE, PAGE));
	n = pread(fd, p + PAGE - 10, 20, 0);
	check(n == 10 || (n == -1 && errno == EFAULT), "read across the end");
	equal(p[0], 'a', "content untouched");
	equal(pread(fd, p, 10, 0), 10, "usable again");
	return done();
}
