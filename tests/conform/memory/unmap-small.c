/* SPDX-License-Identifier: MIT */
/*
 * unmap-small - many small pages, touched one after the other, go in one unmapping; what comes after them is zero.
 * Catches pages given back in runs that are longer than what they were taken from.
 */
#include "conform.h"

#define SIZE (7 * MIB)

static int fill(char *p, int mark)
{
	int dirty = 0;

	for (size_t at = 0; at < SIZE; at += PAGE) {
		dirty += p[at] != 0;
		p[at] = (char)mark;
	}
	return dirty;
}

int main(void)
{
	int dirty = 0, lost = 0;

	for (int round = 1; round <= 4; round++) {
		char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			return 2;
		madvise(p, SIZE, MADV_NOHUGEPAGE);
		dirty += fill(p, round);
		/* The first and the last page stay a moment longer. */
		equal(munmap(p + PAGE, SIZE - 2 * PAGE), 0, "all but two pages");
		lost += p[0] != round || p[SIZE - PAGE] != round;
		equal(munmap(p, PAGE), 0, "the first");
		equal(munmap(p + SIZE - PAGE, PAGE), 0, "the last");
	}
	equal(dirty, 0, "pages that were not zero");
	equal(lost, 0, "neighbours that were lost");
	return done();
}
