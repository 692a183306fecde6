/* SPDX-License-Identifier: MIT */
/*
 * fixed-noreplace - MAP_FIXED_NOREPLACE fails with EEXIST over a mapping and works beside it. Catches it
 * being taken for MAP_FIXED.
 */
#include "conform.h"

int main(void)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
	char *p = anon(4 * PAGE);

	memset(p, 'a', 4 * PAGE);
	must(munmap(p + 2 * PAGE, PAGE));
	fails(mmap(p + PAGE, PAGE, PROT_READ, flags, -1, 0), EEXIST, "over a mapping");
	fails(mmap(p + PAGE, 2 * PAGE, PROT_READ, flags, -1, 0), EEXIST, "over a part of one");
	equal(p[PAGE], 'a', "which is untouched");
	check(mmap(p + 2 * PAGE, PAGE, PROT_READ, flags, -1, 0) == p + 2 * PAGE, "into a hole");
	return done();
}
