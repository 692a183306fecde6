/* SPDX-License-Identifier: MIT */
/*
 * truncate - truncate and ftruncate shorten, lengthen with zeroes, and refuse what they should. Catches old
 * data coming back.
 */
#include "conform.h"

int main(void)
{
	char buffer[20] = "";
	int fd;

	enter_tempdir();
	fd = make_file("f", "0123456789", 10);
	equal(ftruncate(fd, 4), 0, "shorter");
	equal(ftruncate(fd, 12), 0, "longer");
	equal(pread(fd, buffer, 20, 0), 12, "size");
	check(!memcmp(buffer, "0123\0\0\0\0\0\0\0\0", 12), "zeroes, not the old data");
	equal(truncate("f", 1), 0, "by name");
	equal(lseek(fd, 0, SEEK_END), 1, "seen by the descriptor");
	fails(ftruncate(fd, -1), EINVAL, "negative");
	fails(truncate("none", 1), ENOENT, "no file");
	fails(truncate(".", 1), EISDIR, "a directory");
	fd = must(open("f", O_RDONLY));
	fails(ftruncate(fd, 0), EINVAL, "read-only descriptor");
	return done();
}
