/* SPDX-License-Identifier: MIT */
/*
 * mremap-grow - mremap grows in place where there is room, moves where it may, and the content goes
 * along. Catches realloc of large blocks losing data.
 */
#include "conform.h"

static int same(const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (p[i] != (char)(i / PAGE + 1))
			return 0;
	return 1;
}

int main(void)
{
	char *p = anon(32 * PAGE), *q, *r;
	size_t i;

	must(munmap(p + 16 * PAGE, 16 * PAGE));
	for (i = 0; i < 16 * PAGE; i++)
		p[i] = (char)(i / PAGE + 1);
	q = must(mremap(p, 16 * PAGE, 24 * PAGE, 0));
	check(q == p && same(q, 16 * PAGE), "in place into room behind");
	equal(q[24 * PAGE - 1], 0, "the new part is zero");
	must(mmap(p + 24 * PAGE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	fails(mremap(q, 24 * PAGE, 32 * PAGE, 0), ENOMEM, "no room and may not move");
	r = must(mremap(q, 24 * PAGE, 600 * PAGE, MREMAP_MAYMOVE));
	check(r != q && same(r, 16 * PAGE), "moved with its content");
	r[599 * PAGE] = 1;
	check_fault(caught(touch_read, q), SIGSEGV, SEGV_MAPERR, q, "the old place is gone");
	return done();
}
