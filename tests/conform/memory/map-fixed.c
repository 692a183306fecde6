/* SPDX-License-Identifier: MIT */
/*
 * map-fixed - MAP_FIXED replaces the middle of a mapping and leaves both ends. Catches a map that does not
 * split what it covers.
 */
#include "conform.h"

int main(void)
{
	char *p = anon(8 * PAGE), *q;
	int i;

	memset(p, 'a', 8 * PAGE);
	q = must(mmap(p + 3 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	check(q == p + 3 * PAGE, "the address asked for");
	for (i = 0; i < 8; i++)
		equal(p[i * PAGE], i == 3 || i == 4 ? 0 : 'a', "page %d", i);
	must(munmap(p, 8 * PAGE));
	check_fault(caught(touch_read, p + 3 * PAGE), SIGSEGV, SEGV_MAPERR, p + 3 * PAGE, "all of it unmapped");
	return done();
}
