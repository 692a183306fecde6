/* SPDX-License-Identifier: MIT */
/*
 * memfd-child - a memfd inherited by a child is the same memory in both, also when it is mapped at a fixed
 * address. Catches MAP_SHARED made private.
 */
#include "conform.h"

int main(int argc, char **argv)
{
	char *p, text[16];
	int fd;

	if (argc > 1) {
		p = must(mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, atoi(argv[1]), 0));
		if (strcmp(p + 2 * PAGE, "from the parent"))
			return 1;
		strcpy(p + 3 * PAGE, "from the child");
		return 0;
	}
	fd = must(memfd_create("conform", 0));
	must(ftruncate(fd, 4 * PAGE));
	p = anon(4 * PAGE);
	check(mmap(p, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == p, "at a fixed address");
	strcpy(p + 2 * PAGE, "from the parent");
	snprintf(text, sizeof(text), "%d", fd);
	equal(wait_for(spawn_self(text)), 0, "the child sees this program's text");
	check(!strcmp(p + 3 * PAGE, "from the child"), "and the program the child's");
	pread(fd, text, 15, 3 * (off_t)PAGE);
	check(!memcmp(text, "from the child", 14), "so does pread");
	return done();
}
