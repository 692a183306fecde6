/* SPDX-License-Identifier: MIT */
/*
 * exec - shared mappings end with the program that execve replaces, on both sides: what it wrote is in the file, and
 * the file can be sealed against writing, which Linux refuses while somebody has it mapped or its pages pinned.
 */
#include "conform.h"

#define FD    50
#define SIZE  (3 * MIB)

static int second(char **argv)
{
	char *at = must(mmap(NULL, SIZE, PROT_READ, MAP_SHARED, FD, 0));
	unsigned char there;

	equal(at[SIZE - 1], 'x', "what was written");
	must(munmap(at, SIZE));
	fails(mincore((void *)strtoul(argv[2], NULL, 16), PAGE, &there), ENOMEM, "nothing is mapped there");
	equal(fcntl(FD, F_ADD_SEALS, F_SEAL_WRITE), 0, "nobody has it mapped");
	return done();
}

int main(int argc, char **argv)
{
	char role[] = "second", where[32], *args[] = { argv[0], role, where, NULL }, *at;
	int fd;

	if (argc > 1)
		return second(argv);
	fd = must(memfd_create("exec", MFD_ALLOW_SEALING));
	must(dup2(fd, FD));
	close(fd);
	must(ftruncate(FD, SIZE));
	at = must(mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, FD, 0));
	memset(at, 'x', SIZE);
	snprintf(where, sizeof(where), "%lx", (unsigned long)at);
	must(execv(self_path(), args));
	return 1;
}
