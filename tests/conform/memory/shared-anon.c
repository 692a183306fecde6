/* SPDX-License-Identifier: MIT */
/*
 * shared-anon - shared anonymous memory is zero, keeps its content through mprotect and mremap, and is not
 * dropped by a partial unmap. Catches MAP_SHARED taken as a file mapping without a file.
 */
#include "conform.h"

int main(void)
{
	char *p = must(mmap(NULL, 2 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)), *q;

	equal(p[0] | p[2 * MIB - 1], 0, "zero");
	memset(p, 's', 2 * MIB);
	must(mprotect(p, PAGE, PROT_READ));
	check(caught(touch_write, p).code == SEGV_ACCERR, "protected");
	must(mprotect(p, PAGE, PROT_READ | PROT_WRITE));
	must(munmap(p + MIB, PAGE));
	equal(p[MIB - 1] + p[MIB + PAGE], 2 * 's', "both sides of a hole");
	q = must(mremap(p, MIB, MIB, MREMAP_MAYMOVE | MREMAP_FIXED, anon(MIB)));
	equal(q[MIB - 1], 's', "moved");
	return done();
}
