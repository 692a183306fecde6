/* SPDX-License-Identifier: MIT */
/*
 * rename - rename replaces, moves, keeps the file's identity; renameat2 can refuse to replace and can
 * exchange. Catches copies.
 */
#include "conform.h"

int main(void)
{
	struct stat a, b;

	enter_tempdir();
	close(make_file("a", "a", 1));
	close(make_file("b", "bb", 2));
	must(stat("a", &a));
	equal(rename("a", "b"), 0, "replaces");
	must(stat("b", &b));
	check(a.st_ino == b.st_ino && b.st_size == 1, "the same file");
	fails(stat("a", &a), ENOENT, "the old name is gone");
	must(mkdir("d", 0700));
	equal(rename("b", "d/c"), 0, "into a directory");
	must(mkdir("e", 0700));
	fails(rename("d/c", "e"), EISDIR, "a file over a directory");
	fails(rename("d", "d/f"), EINVAL, "a directory into itself");
	close(make_file("x", "x", 1));
	fails(renameat2(AT_FDCWD, "d/c", AT_FDCWD, "x", RENAME_NOREPLACE), EEXIST, "RENAME_NOREPLACE");
	fails(rename("none", "y"), ENOENT, "no file");
	fails(rename("d", "x"), ENOTDIR, "a directory over a file");
	return done();
}
