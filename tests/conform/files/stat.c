/* SPDX-License-Identifier: MIT */
/*
 * stat - stat, fstat, lstat, fstatat, statx and statfs agree. Catches structs of another layout.
 */
#include "conform.h"
#include <sys/statfs.h>
#include <sys/sysmacros.h>

int main(void)
{
	struct statfs fs, fs2;
	struct stat a, b, c;
	struct statx x;
	int fd;

	enter_tempdir();
	fd = make_file("f", "12345", 5);
	must(stat("f", &a));
	must(fstat(fd, &b));
	must(fstatat(AT_FDCWD, "f", &c, AT_SYMLINK_NOFOLLOW));
	check(!memcmp(&a, &b, sizeof(a)) && !memcmp(&a, &c, sizeof(a)), "the same three times");
	check(S_ISREG(a.st_mode) && a.st_size == 5 && a.st_nlink == 1 && a.st_uid == geteuid(), "fields");
	must(statx(AT_FDCWD, "f", 0, STATX_BASIC_STATS, &x));
	check(x.stx_ino == a.st_ino && x.stx_size == 5 && x.stx_mode == a.st_mode && x.stx_nlink == 1, "statx");
	check(x.stx_mtime.tv_sec == a.st_mtim.tv_sec && x.stx_mtime.tv_nsec == a.st_mtim.tv_nsec, "statx: time");
	check(makedev(x.stx_dev_major, x.stx_dev_minor) == a.st_dev, "statx: device");
	must(fstatat(fd, "", &c, AT_EMPTY_PATH));
	equal(c.st_ino == a.st_ino, 1, "AT_EMPTY_PATH");
	must(stat("/dev/null", &a));
	check(S_ISCHR(a.st_mode) && a.st_rdev == makedev(1, 3), "a device");
	must(statfs(".", &fs));
	must(fstatfs(fd, &fs2));
	check(fs.f_type == fs2.f_type && fs.f_bsize == fs2.f_bsize && fs.f_bsize > 0, "statfs");
	must(statfs("/proc", &fs));
	equal(fs.f_type, 0x9fa0, "type of /proc");
	fails(stat("f/x", &a), ENOTDIR, "below a file");
	return done();
}
