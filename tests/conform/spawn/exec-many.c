/* SPDX-License-Identifier: MIT */
/*
 * exec-many - a program that executes itself over and over, each time with memory, a file mapped, threads and a
 * descriptor to be closed: in the end there is as much as in the beginning. Catches what an exec leaves behind.
 */
#include "conform.h"

#define TIMES  16

static void *nothing(void *arg)
{
	return arg;
}

static int descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

int main(int argc, char **argv)
{
	int i = argc > 1 ? atoi(argv[1]) : 0, fds = argc > 2 ? atoi(argv[2]) : descriptors(), fd;
	char times[16], count[16], *args[] = { argv[0], times, count, NULL };
	char *file;

	if (i == TIMES) {
		equal(descriptors(), fds, "descriptors");
		check(1, "over and over");
		return done();
	}
	snprintf(times, sizeof(times), "%d", i + 1);
	snprintf(count, sizeof(count), "%d", fds);
	fd = must(open(self_path(), O_RDONLY | O_CLOEXEC));
	file = must(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0));
	memset(anon(16 * MIB), file[1], 16 * MIB);
	thread(nothing, NULL);
	must(execv(self_path(), args));
	return 1;
}
