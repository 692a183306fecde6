/* SPDX-License-Identifier: MIT */
/*
 * lseek - lseek in all ways, behind the end, beyond 4 GiB, and into holes and data. Catches 32-bit offsets.
 */
#include "conform.h"

int main(void)
{
	off_t big = 5ll << 30, hole, data;
	struct stat st;
	char c = 'x';
	int fd, fds[2];

	enter_tempdir();
	fd = make_file("f", "0123456789", 10);
	equal(lseek(fd, -3, SEEK_END), 7, "from the end");
	equal(lseek(fd, -2, SEEK_CUR), 5, "from here");
	fails(lseek(fd, -1, SEEK_SET), EINVAL, "before the start");
	fails(lseek(fd, 0, 99), EINVAL, "unknown way");
	equal(lseek(fd, 100, SEEK_SET), 100, "behind the end");
	equal(lseek(fd, big, SEEK_SET), big, "beyond 4 GiB");
	must(write(fd, "z", 1));
	must(fstat(fd, &st));
	equal(st.st_size, big + 1, "size of a sparse file");
	must(pread(fd, &c, 1, big - 1));
	equal(c, 0, "a hole is zero");
	hole = lseek(fd, 0, SEEK_HOLE);
	data = lseek(fd, 0, SEEK_DATA);
	check(hole >= 10 && hole <= big + 1, "SEEK_HOLE");
	equal(data, 0, "SEEK_DATA");
	fails(lseek(fd, big + 1, SEEK_DATA), ENXIO, "no data behind the end");
	must(pipe(fds));
	fails(lseek(fds[0], 0, SEEK_CUR), ESPIPE, "a pipe");
	return done();
}
