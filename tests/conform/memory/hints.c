/* SPDX-License-Identifier: MIT */
/*
 * hints - a free hint is taken, a used one is not overwritten, an unaligned one is rounded. Catches hints
 * that are ignored, which breaks allocators that grow areas in place.
 */
#include "conform.h"

int main(void)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS, rw = PROT_READ | PROT_WRITE;
	char *p = anon(16 * PAGE), *q;

	must(munmap(p + 4 * PAGE, 12 * PAGE));
	q = must(mmap(p + 8 * PAGE, PAGE, rw, flags, -1, 0));
	check(q == p + 8 * PAGE, "free hint taken");
	p[0] = 'a';
	q = must(mmap(p, PAGE, rw, flags, -1, 0));
	check(q != p && p[0] == 'a' && q[0] == 0, "used hint goes elsewhere");
	q = must(mmap(p + 10 * PAGE + 5, PAGE, rw, flags, -1, 0));
	check((uintptr_t)q % PAGE == 0, "unaligned hint gives an aligned address");
	return done();
}
