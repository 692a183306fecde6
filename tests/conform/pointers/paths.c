/* SPDX-License-Identifier: MIT */
/*
 * paths - every call that takes a path answers EFAULT for a pointer to nowhere. Catches a proxy that dies
 * of its program's pointers.
 */
#include "pointers.h"

int main(void)
{
	static char room[256];
	long here = (long)"/", at = AT_FDCWD, buf = (long)room;
	const struct bad_call calls[] = {
		CALL(open, BAD, O_RDONLY), CALL(openat, at, BAD, O_RDONLY), CALL(creat, BAD, 0600),
		CALL(access, BAD, 0), CALL(faccessat, at, BAD, 0), CALL(stat, BAD, buf), CALL(stat, here, BAD),
		CALL(lstat, BAD, buf), CALL(newfstatat, at, BAD, buf, 0), CALL(newfstatat, at, here, BAD, 0),
		CALL(statx, at, BAD, 0, 0x7ff, buf), CALL(statx, at, here, 0, 0x7ff, BAD), CALL(statfs, BAD, buf),
		CALL(statfs, here, BAD), CALL(chdir, BAD), CALL(mkdir, BAD, 0700), CALL(mkdirat, at, BAD, 0700),
		CALL(rmdir, BAD), CALL(unlink, BAD), CALL(unlinkat, at, BAD, 0), CALL(rename, BAD, here),
		CALL(rename, here, BAD), CALL(renameat2, at, here, at, BAD, 0), CALL(link, BAD, here),
		CALL(link, here, BAD), CALL(symlink, BAD, here), CALL(symlink, here, BAD),
		CALL(readlink, BAD, buf, 10), CALL(readlink, (long)"/proc/self", BAD, 10),
		CALL(readlinkat, at, BAD, buf, 10), CALL(chmod, BAD, 0600), CALL(fchmodat, at, BAD, 0600),
		CALL(chown, BAD, 0, 0), CALL(lchown, BAD, 0, 0), CALL(truncate, BAD, 0), CALL(mknod, BAD, 0600, 0),
		CALL(utimensat, at, BAD, 0, 0), CALL(utimensat, at, here, BAD, 0), CALL(memfd_create, BAD, 0),
		CALL(getxattr, BAD, here, buf, 10), CALL(execve, BAD, 0, 0), CALL(execve, (long)"/bin/sh", BAD, 0),
	};

	try_calls(calls, COUNT(calls));
	return done();
}
