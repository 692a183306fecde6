/* SPDX-License-Identifier: MIT */
/*
 * grows-down - a MAP_GROWSDOWN mapping is longer when what lies below is touched, up to a distance from the next
 * mapping below. Catches the flag being ignored.
 */
#include "conform.h"

int main(void)
{
	char *base = must(mmap(NULL, 8 * MIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)), *p;

	must(mprotect(base, MIB, PROT_READ));
	/* A hole between 1 MiB and 4 MiB of it, with the mapping on top. */
	must(munmap(base + MIB, 3 * MIB));
	p = must(mmap(base + 4 * MIB - PAGE, PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0));
	p[0] = 1;
	equal(caught(touch_write, p - PAGE).sig, 0, "the page below");
	equal(caught(touch_write, p - 64 * PAGE).sig, 0, "further below");
	equal(p[-64 * (long)PAGE + 1], 0, "zero");
	equal(p[0], 1, "what was there");
	equal(caught(touch_write, base + MIB + 8 * PAGE).sig, SIGSEGV, "near the next mapping");
	equal(caught(touch_write, base + MIB - PAGE).code, SEGV_ACCERR, "in it");
	return done();
}
