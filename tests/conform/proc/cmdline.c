/* SPDX-License-Identifier: MIT */
/*
 * cmdline - /proc/self/cmdline, comm and environ show this program's arguments, name and environment.
 * args: one two-words --flag
 */
#include "conform.h"

static char *raw(const char *path, size_t *len)
{
	static char text[300000];
	int fd = must(open(path, O_RDONLY));
	ssize_t n;

	*len = 0;
	while ((n = must(read(fd, text + *len, sizeof(text) - *len))) > 0)
		*len += (size_t)n;
	close(fd);
	return text;
}

int main(int argc, char **argv)
{
	size_t len, at = 0;
	int i, same = 0;
	char *text = raw("/proc/self/cmdline", &len);

	for (i = 0; i < argc && at < len; i++) {
		same += !strcmp(text + at, argv[i]);
		at += strlen(text + at) + 1;
	}
	equal(same, 4, "arguments");
	equal(at == len, 1, "and no more");
	check(!strcmp(slurp("/proc/self/comm"), "cmdline\n") || !strncmp(slurp("/proc/self/comm"), "cmdline.", 8),
		"name");
	text = raw("/proc/self/environ", &len);
	check(len > 0 && environ[0] && !strcmp(text, environ[0]), "environment");
	return done();
}
