/* SPDX-License-Identifier: MIT */
/*
 * exe - /proc/self/exe names this program and can be opened and mapped. Static programs and Rust read it
 * at start.
 */
#include "conform.h"

int main(int argc, char **argv)
{
	char magic[4] = "", *path = self_path();
	struct stat a, b;
	int fd;

	(void)argc;
	check(path[0] == '/', "an absolute path");
	must(stat(path, &a));
	must(stat("/proc/self/exe", &b));
	check(a.st_ino == b.st_ino && a.st_dev == b.st_dev, "the same file");
	must(stat(argv[0], &b));
	check(a.st_ino == b.st_ino, "which is argv[0]");
	fd = must(open("/proc/self/exe", O_RDONLY));
	must(read(fd, magic, 4));
	check(!memcmp(magic, "\177ELF", 4), "an ELF file");
	return done();
}
