/* SPDX-License-Identifier: MIT */
/*
 * populate - MAP_POPULATE and MADV_POPULATE_WRITE fill memory with zero pages that are all there. Catches
 * refusal of the flag.
 */
#include "conform.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

int main(void)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = must(mmap(NULL, 4 * MIB, PROT_READ | PROT_WRITE, flags | MAP_POPULATE, -1, 0));
	unsigned char there[16];
	size_t i;
	int bad = 0;

	for (i = 0; i < 4 * MIB; i += PAGE)
		bad += p[i] != 0;
	equal(bad, 0, "zero");
	must(mincore(p, 16 * PAGE, there));
	for (bad = i = 0; i < 16; i++)
		bad += !(there[i] & 1);
	equal(bad, 0, "resident");
	p = anon(16 * PAGE);
	equal(madvise(p, 16 * PAGE, MADV_POPULATE_WRITE), 0, "populated later");
	must(mincore(p, 16 * PAGE, there));
	for (bad = i = 0; i < 16; i++)
		bad += !(there[i] & 1);
	equal(bad, 0, "resident then");
	return done();
}
