/* SPDX-License-Identifier: MIT */
/*
 * reopen - shared memory that has no name any more is reopened by /proc/PID/fd/N, as UCX does. Catches
 * numbers that differ between the program and its Linux process.
 */
#include "conform.h"

int main(int argc, char **argv)
{
	char path[64], name[64], *p, *q;
	int fd, again;

	if (argc > 1) {
		again = must(open(argv[1], O_RDWR));
		q = must(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, again, 0));
		return strcmp(q, "hello") ? 1 : (strcpy(q, "world"), 0);
	}
	snprintf(name, sizeof(name), "/dev/shm/conform-reopen-%d", getpid());
	fd = must(open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
	must(ftruncate(fd, PAGE));
	must(unlink(name));
	p = must(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	strcpy(p, "hello");
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), fd);
	again = must(open(path, O_RDWR));
	q = must(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, again, 0));
	check(!strcmp(q, "hello"), "by this process");
	equal(wait_for(spawn_self(path)), 0, "by another process");
	check(!strcmp(p, "world"), "which wrote to it");
	return done();
}
