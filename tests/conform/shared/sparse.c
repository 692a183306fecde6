/* SPDX-License-Identifier: MIT */
/*
 * sparse - a file made by lseek and one byte, as MPICH does, is zero when mapped, and takes writes
 * everywhere. Catches holes that are not filled.
 */
#include "conform.h"

int main(void)
{
	size_t len = 4 * MIB, i;
	char name[64], *p;
	int fd, bad = 0;

	snprintf(name, sizeof(name), "/dev/shm/conform-sparse-%d", getpid());
	fd = must(open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
	must(lseek(fd, (off_t)len - 1, SEEK_SET));
	must(write(fd, "", 1));
	p = must(mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	must(unlink(name));
	for (i = 0; i < len; i += 512)
		bad += p[i] != 0;
	equal(bad, 0, "zero");
	for (i = 0; i < len; i += PAGE)
		p[i] = (char)(i / PAGE | 1);
	for (i = 0; i < len; i += PAGE) {
		char c = 0;

		must(pread(fd, &c, 1, (off_t)i));
		bad += c != (char)(i / PAGE | 1);
	}
	equal(bad, 0, "writes reach the file");
	return done();
}
