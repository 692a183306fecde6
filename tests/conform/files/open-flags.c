/* SPDX-License-Identifier: MIT */
/*
 * open-flags - O_CREAT, O_EXCL, O_TRUNC, O_DIRECTORY, O_NOFOLLOW and access modes do what they say. Catches
 * flags lost on the way.
 */
#include "conform.h"

int main(void)
{
	struct stat st;
	char c;
	int fd;

	enter_tempdir();
	fails(open("f", O_RDWR), ENOENT, "not there");
	fd = must(open("f", O_RDWR | O_CREAT | O_EXCL, 0640));
	must(write(fd, "hello", 5));
	must(fstat(fd, &st));
	equal(st.st_mode & 07777, 0640, "mode");
	fails(open("f", O_RDWR | O_CREAT | O_EXCL, 0640), EEXIST, "O_EXCL");
	fd = must(open("f", O_RDONLY));
	fails(write(fd, "x", 1), EBADF, "write to O_RDONLY");
	fd = must(open("f", O_WRONLY));
	fails(read(fd, &c, 1), EBADF, "read of O_WRONLY");
	fails(open("f", O_RDONLY | O_DIRECTORY), ENOTDIR, "O_DIRECTORY");
	must(symlink("f", "link"));
	fails(open("link", O_RDONLY | O_NOFOLLOW), ELOOP, "O_NOFOLLOW");
	must(open("f", O_WRONLY | O_TRUNC));
	must(stat("f", &st));
	equal(st.st_size, 0, "O_TRUNC");
	fd = must(open("f", O_PATH));
	fails(read(fd, &c, 1), EBADF, "O_PATH");
	/* Not every file system has it: an overlay has not. */
	fd = must(open("/dev/shm", O_RDWR | O_TMPFILE, 0600));
	must(fstat(fd, &st));
	equal(st.st_nlink, 0, "O_TMPFILE");
	return done();
}
