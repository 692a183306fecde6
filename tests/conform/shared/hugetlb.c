/* SPDX-License-Identifier: MIT */
/*
 * hugetlb - huge pages of Linux's pool, as a memfd, are the same memory in this program and in a child. Catches
 * MAP_SHARED made private, and mappings that do not suit such pages. The
 * pool is empty on most machines; tests/module/conform.sh fills it.
 */
#include "conform.h"

#define HUGE  (2ull << 20)

int main(int argc, char **argv)
{
	char *p, *q, text[16];
	int fd;

	if (argc > 1) {
		p = must(mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE, MAP_SHARED, atoi(argv[1]), 0));
		if (strcmp(p + HUGE + PAGE, "from the parent"))
			return 1;
		strcpy(p + PAGE, "from the child");
		return 0;
	}
	fd = memfd_create("conform", MFD_HUGETLB);
	if (fd < 0)
		skip("this Linux has no huge pages");
	must(ftruncate(fd, 2 * HUGE));
	p = mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		skip("there is no pool of huge pages (/proc/sys/vm/nr_hugepages)");
	check(((uintptr_t)p & (HUGE - 1)) == 0, "lies at a huge page");
	check(mmap(NULL, HUGE, PROT_READ, MAP_SHARED, fd, PAGE) == MAP_FAILED && errno == EINVAL, "an offset between");
	strcpy(p + HUGE + PAGE, "from the parent");
	snprintf(text, sizeof(text), "%d", fd);
	equal(wait_for(spawn_self(text)), 0, "the child sees this program's text");
	check(!strcmp(p + PAGE, "from the child"), "and the program the child's");
	q = must(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, HUGE));
	check(!strcmp(q + PAGE, "from the parent"), "a length is rounded up");
	equal(munmap(p, 2 * HUGE), 0, "munmap");
	equal(munmap(q, HUGE), 0, "munmap of the other");
	return done();
}
