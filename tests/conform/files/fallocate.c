/* SPDX-License-Identifier: MIT */
/*
 * fallocate - fallocate and posix_fallocate reserve space, with and without size; advice and syncs
 * succeed. Catches refusals that make programs write zeroes by hand or stop.
 */
#include "conform.h"

int main(void)
{
	struct stat st;
	int fd, ret;

	enter_tempdir();
	fd = make_file("f", "x", 1);
	ret = fallocate(fd, 0, 0, 100000);
	if (ret == 0 || errno != EOPNOTSUPP)
		equal(ret, 0, "fallocate");
	else
		check(1, "fallocate");
	equal(posix_fallocate(fd, 0, 200000), 0, "posix_fallocate");
	must(fstat(fd, &st));
	equal(st.st_size, 200000, "size");
	equal(posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED), 0, "fadvise");
	fails(fallocate(fd, 0, 0, 0), EINVAL, "no length");
	equal(fsync(fd), 0, "fsync");
	equal(fdatasync(fd), 0, "fdatasync");
	equal(sync_file_range(fd, 0, 4096, SYNC_FILE_RANGE_WRITE), 0, "sync_file_range");
	equal(readahead(fd, 0, 4096), 0, "readahead");
	return done();
}
