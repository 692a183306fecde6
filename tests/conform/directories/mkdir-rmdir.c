/* SPDX-License-Identifier: MIT */
/*
 * mkdir-rmdir - mkdirat and rmdir with their errors; a removed working directory. Catches error numbers.
 */
#include "conform.h"

int main(void)
{
	char buffer[PATH_MAX];
	int dir;

	enter_tempdir();
	equal(mkdir("d", 0700), 0, "mkdir");
	dir = must(open("d", O_RDONLY | O_DIRECTORY));
	equal(mkdirat(dir, "e", 0700), 0, "mkdirat");
	fails(mkdir("d", 0700), EEXIST, "again");
	fails(mkdir("x/y", 0700), ENOENT, "without parent");
	fails(rmdir("d"), ENOTEMPTY, "not empty");
	equal(unlinkat(dir, "e", AT_REMOVEDIR), 0, "unlinkat");
	must(chdir("d"));
	equal(rmdir("../d"), 0, "the working directory");
	fails(syscall(SYS_getcwd, buffer, sizeof(buffer)), ENOENT, "has no name then");
	fails(open("new", O_CREAT | O_WRONLY, 0600), ENOENT, "and takes no files");
	must(chdir(conform_dir));
	close(make_file("f", "x", 1));
	fails(rmdir("f"), ENOTDIR, "a file");
	fails(rmdir("d"), ENOENT, "twice");
	fails(rmdir("."), EINVAL, "dot");
	return done();
}
