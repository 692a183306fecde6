/* SPDX-License-Identifier: MIT */
/*
 * fd - /proc/self/fd lists just the program's open descriptors, with their targets. Catches the proxy's own
 * showing through.
 */
#include "conform.h"

int main(void)
{
	char path[64], target[PATH_MAX] = "", want[PATH_MAX + 8];
	int fd, n, odd = 0, listed = 0;
	struct dirent *e;
	ssize_t len;
	DIR *dir;

	enter_tempdir();
	fd = make_file("f", "x", 1);
	dir = opendir("/proc/self/fd");
	while (dir && (e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		listed++;
		odd += fcntl(atoi(e->d_name), F_GETFD) < 0;
	}
	for (n = 0; n < 20000; n++)
		listed -= fcntl(n, F_GETFD) >= 0;
	closedir(dir);
	equal(odd, 0, "none that is not open");
	equal(listed, 0, "all that are open");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	len = must(readlink(path, target, sizeof(target) - 1));
	target[len] = 0;
	snprintf(want, sizeof(want), "%s/f", conform_dir);
	check(!strcmp(target, want), "its name");
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	check(strstr(slurp(path), "flags:\t") != NULL, "fdinfo");
	fails(readlink("/proc/self/fd/999", target, 10), ENOENT, "one that is not open");
	return done();
}
