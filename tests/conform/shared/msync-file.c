/* SPDX-License-Identifier: MIT */
/*
 * msync-file - a shared mapping of a plain file reaches the file: after msync and after munmap, read by
 * another process. Catches writes kept in the isle.
 */
#include "conform.h"

int main(void)
{
	char command[64];
	int fd;
	char *p;

	enter_tempdir();
	fd = make_file("f", "", 0);
	must(ftruncate(fd, 2 * PAGE));
	p = must(mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	strcpy(p, "first page");
	strcpy(p + PAGE, "second page");
	equal(msync(p, 2 * PAGE, MS_SYNC), 0, "msync");
	snprintf(command, sizeof(command), "grep -q 'second page' f");
	equal(system(command), 0, "another process reads it");
	strcpy(p, "last words");
	must(munmap(p, 2 * PAGE));
	equal(system("grep -q 'last words' f"), 0, "after munmap");
	return done();
}
