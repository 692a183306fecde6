/* SPDX-License-Identifier: MIT */
/*
 * errors - the usual errors of paths and descriptors. Catches error numbers lost or changed on the way.
 */
#include "conform.h"
#include <sys/ioctl.h>

int main(void)
{
	char longname[300], longpath[5000], buffer[8];
	int i;

	enter_tempdir();
	close(make_file("f", "x", 1));
	must(mkdir("d", 0700));
	memset(longname, 'n', 299);
	longname[299] = 0;
	for (i = 0; i < 4999; i++)
		longpath[i] = i % 2 ? '/' : '.';
	longpath[4999] = 0;
	fails(open("none/f", O_RDONLY), ENOENT, "ENOENT");
	fails(open("", O_RDONLY), ENOENT, "an empty path");
	fails(open("f/x", O_RDONLY), ENOTDIR, "ENOTDIR");
	fails(open("d", O_RDWR), EISDIR, "EISDIR");
	fails(read(must(open("d", O_RDONLY)), buffer, 8), EISDIR, "read of a directory");
	fails(open(longname, O_RDONLY), ENAMETOOLONG, "ENAMETOOLONG of a name");
	fails(open(longpath, O_RDONLY), ENAMETOOLONG, "ENAMETOOLONG of a path");
	fails(read(-1, buffer, 8), EBADF, "EBADF");
	fails(openat(999, "f", O_RDONLY), EBADF, "EBADF of a directory");
	fails(mkdir("d", 0700), EEXIST, "EEXIST");
	fails(open("/dev/full/x", O_RDONLY), ENOTDIR, "below a device");
	fails(write(must(open("/dev/full", O_WRONLY)), "x", 1), ENOSPC, "ENOSPC");
	fails(ioctl(must(open("f", O_RDONLY)), 0x5401, buffer), ENOTTY, "ENOTTY");
	fails(mknod("dev", S_IFREG | 0600, 0) + mknod("dev", S_IFREG | 0600, 0), EEXIST, "mknod again");
	fails(open("/proc/self/no-such-file", O_RDONLY), ENOENT, "below /proc");
	return done();
}
