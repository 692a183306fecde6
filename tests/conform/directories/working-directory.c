/* SPDX-License-Identifier: MIT */
/*
 * working-directory - chdir, fchdir and getcwd agree, for all threads; relative paths follow. Catches a
 * working directory kept twice.
 */
#include "conform.h"

static void *look(void *arg)
{
	return access("here", F_OK) == 0 ? arg : NULL;
}

int main(void)
{
	char start[PATH_MAX], path[PATH_MAX];
	int dir;

	enter_tempdir();
	check(getcwd(start, sizeof(start)) != NULL, "getcwd");
	dir = must(open(".", O_RDONLY | O_DIRECTORY));
	must(mkdir("sub", 0700));
	equal(chdir("sub"), 0, "chdir");
	close(make_file("here", "x", 1));
	check(getcwd(path, sizeof(path)) && !strncmp(path, start, strlen(start)) &&
	      !strcmp(path + strlen(start), "/sub"), "getcwd follows");
	check(join(thread(look, start)) != NULL, "for other threads too");
	equal(fchdir(dir), 0, "fchdir");
	check(getcwd(path, sizeof(path)) && !strcmp(path, start), "back");
	fails(chdir("none"), ENOENT, "no directory");
	fails(chdir("sub/here"), ENOTDIR, "a file");
	fails(syscall(SYS_getcwd, path, 2), ERANGE, "too little room");
	fails(fchdir(999), EBADF, "no descriptor");
	check(readlink("/proc/self/cwd", path, sizeof(path)) == (ssize_t)strlen(start), "/proc/self/cwd");
	return done();
}
