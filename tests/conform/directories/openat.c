/* SPDX-License-Identifier: MIT */
/*
 * openat - paths relative to a directory descriptor for open, stat, rename, unlink and access, whatever the
 * working directory. Catches the descriptor being ignored.
 */
#include "conform.h"
#include <ftw.h>

static int entries;

static int count(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)path;
	(void)st;
	(void)ftw;
	entries += type == FTW_F || type == FTW_D;
	return 0;
}

int main(void)
{
	struct stat st;
	int d1, d2, fd;

	enter_tempdir();
	must(mkdir("a", 0700));
	must(mkdir("b", 0700));
	d1 = must(open("a", O_RDONLY | O_DIRECTORY));
	d2 = must(open("b", O_PATH | O_DIRECTORY));
	fd = must(openat(d1, "f", O_CREAT | O_RDWR, 0600));
	must(write(fd, "abc", 3));
	must(fstatat(d1, "f", &st, 0));
	equal(st.st_size, 3, "fstatat");
	equal(renameat(d1, "f", d2, "g"), 0, "renameat");
	equal(faccessat(d2, "g", F_OK, 0), 0, "faccessat");
	equal(access("b/g", F_OK), 0, "there it is");
	fails(openat(d1, "f", O_RDONLY), ENOENT, "no longer here");
	fails(openat(fd, "f", O_RDONLY), ENOTDIR, "relative to a file");
	check(openat(999, "/", O_RDONLY) >= 0, "an absolute path needs no directory");
	equal(nftw(".", count, 8, FTW_PHYS), 0, "nftw");
	equal(entries, 4, "all found");
	equal(unlinkat(d2, "g", 0), 0, "unlinkat");
	return done();
}
