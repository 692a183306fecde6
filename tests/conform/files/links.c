/* SPDX-License-Identifier: MIT */
/*
 * links - hard and symbolic links, readlink's length, loops and dangling ones. Catches readlink that ends
 * its text with a zero.
 */
#include "conform.h"

int main(void)
{
	char buffer[32];
	struct stat st;
	int dir;

	enter_tempdir();
	close(make_file("f", "x", 1));
	equal(link("f", "hard"), 0, "link");
	must(stat("f", &st));
	equal(st.st_nlink, 2, "two links");
	fails(link("f", "hard"), EEXIST, "link again");
	equal(symlink("some/where", "soft"), 0, "symlink");
	memset(buffer, '#', sizeof(buffer));
	equal(readlink("soft", buffer, sizeof(buffer)), 10, "readlink");
	check(!memcmp(buffer, "some/where#", 11), "no zero at its end");
	equal(readlink("soft", buffer, 4), 4, "cut to the room there is");
	fails(readlink("f", buffer, 8), EINVAL, "readlink of a file");
	must(lstat("soft", &st));
	check(S_ISLNK(st.st_mode) && st.st_size == 10, "lstat");
	fails(stat("soft", &st), ENOENT, "dangling");
	must(symlink("loop", "loop"));
	fails(open("loop", O_RDONLY), ELOOP, "a loop");
	dir = must(open(".", O_RDONLY | O_DIRECTORY));
	equal(symlinkat("f", dir, "soft2"), 0, "symlinkat");
	equal(readlinkat(dir, "soft2", buffer, 8), 1, "readlinkat");
	equal(linkat(dir, "soft2", dir, "hard2", AT_SYMLINK_FOLLOW), 0, "linkat");
	must(stat("f", &st));
	equal(st.st_nlink, 3, "three links");
	equal(unlinkat(dir, "hard2", 0), 0, "unlinkat");
	return done();
}
