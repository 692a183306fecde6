/* SPDX-License-Identifier: MIT */
/*
 * read-write - read, write, pread and pwrite move the offset as they should, stop at the end, and share it
 * between duplicates. Catches an offset kept on both sides.
 */
#include "conform.h"

int main(void)
{
	char buffer[16] = "";
	int fd, copy;

	enter_tempdir();
	fd = make_file("f", "", 0);
	equal(write(fd, "0123456789", 10), 10, "write");
	equal(lseek(fd, 0, SEEK_CUR), 10, "offset");
	equal(read(fd, buffer, 5), 0, "read at the end");
	equal(pread(fd, buffer, 4, 3), 4, "pread");
	check(!memcmp(buffer, "3456", 4), "its data");
	equal(pwrite(fd, "ab", 2, 4), 2, "pwrite");
	equal(lseek(fd, 0, SEEK_CUR), 10, "both leave the offset");
	must(lseek(fd, 2, SEEK_SET));
	equal(read(fd, buffer, 16), 8, "read to the end");
	check(!memcmp(buffer, "23ab6789", 8), "its data");
	copy = must(dup(fd));
	must(lseek(copy, 1, SEEK_SET));
	equal(lseek(fd, 0, SEEK_CUR), 1, "duplicates share it");
	equal(write(fd, "", 0), 0, "nothing");
	fails(pread(fd, buffer, 1, -1), EINVAL, "negative offset");
	fails(read(999, buffer, 1), EBADF, "no descriptor");
	return done();
}
