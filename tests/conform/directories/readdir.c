/* SPDX-License-Identifier: MIT */
/*
 * readdir - readdir, rewinddir, telldir, scandir and a directory that changes meanwhile. Catches positions
 * that cannot be returned to.
 */
#include "conform.h"

static int all(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

int main(void)
{
	struct dirent **list = NULL, *e;
	int i, n = 0, d_ok = 0;
	char name[32], at[256];
	long where;
	DIR *dir;

	enter_tempdir();
	for (i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "%c%d", 'a' + i % 26, i);
		must(mkdir(name, 0700));
	}
	dir = opendir(".");
	while ((e = readdir(dir))) {
		n++;
		d_ok += e->d_type == DT_DIR || e->d_type == DT_UNKNOWN;
	}
	equal(n * 100 + d_ok, 5252, "entries");
	rewinddir(dir);
	readdir(dir);
	where = telldir(dir);
	snprintf(at, sizeof(at), "%s", readdir(dir)->d_name);
	readdir(dir);
	seekdir(dir, where);
	check(!strcmp(readdir(dir)->d_name, at), "seekdir");
	equal(closedir(dir), 0, "closedir");
	n = scandir(".", &list, all, alphasort);
	check(n == 50 && !strcmp(list[0]->d_name, "a0") && !strcmp(list[49]->d_name, "z25"), "scandir");
	return done();
}
