/* SPDX-License-Identifier: MIT */
/*
 * disk-file.c - writes a file through a shared mapping, as disk-files.sh tells it on standard input: a letter fills
 * the first page's beginning with itself; `sync` is msync, `fsync` fsync of another descriptor, `end` munmap and a
 * return. Each is answered by itself.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 16 * 4096 };

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDWR) : -1;
	char line[64], *p;
	int other;

	if (fd < 0)
		return 2;
	p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED) {
		perror("mmap");
		return 3;
	}
	close(fd);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strcmp(line, "sync") && msync(p, SIZE, MS_SYNC))
			return 4;
		if (!strcmp(line, "fsync")) {
			other = open(argv[1], O_RDONLY);
			if (other < 0 || fsync(other))
				return 5;
			close(other);
		}
		if (!strcmp(line, "end"))
			munmap(p, SIZE);
		if (!line[1]) {
			memset(p, line[0], 16);
			memset(p + SIZE - 16, line[0], 16);
		}
		puts(line);
		fflush(stdout);
		if (!strcmp(line, "end"))
			return 0;
	}
	return 6;
}
