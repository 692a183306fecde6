/* SPDX-License-Identifier: MIT */
/*
 * unlink-open - an unlinked file lives while it is open or mapped, and can be reopened through /proc. Catches
 * names looked up again.
 */
#include "conform.h"

int main(void)
{
	char path[64], buffer[8] = "", *p;
	struct stat st;
	int fd, again;

	enter_tempdir();
	fd = make_file("f", "alive", 5);
	p = must(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0));
	equal(unlink("f"), 0, "unlink");
	fails(open("f", O_RDONLY), ENOENT, "the name is gone");
	must(fstat(fd, &st));
	equal(st.st_nlink, 0, "no links");
	equal(pread(fd, buffer, 8, 0), 5, "still readable");
	check(!memcmp(p, "alive", 5), "still mapped");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = must(open(path, O_RDWR));
	equal(pwrite(again, "A", 1, 0), 1, "reopened by /proc/self/fd");
	must(pread(fd, buffer, 5, 0));
	equal(buffer[0], 'A', "the same file");
	fails(unlink("f"), ENOENT, "unlink again");
	fails(unlink("."), EISDIR, "unlink of a directory");
	return done();
}
