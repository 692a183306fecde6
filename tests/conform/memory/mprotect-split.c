/* SPDX-License-Identifier: MIT */
/*
 * mprotect-split - mprotect of every second page of 64, then of all, gives each page its own rights and then
 * the same. Catches errors in splitting and merging areas.
 */
#include "conform.h"

static int writable(char *p)
{
	return caught(touch_write, p).sig == 0;
}

int main(void)
{
	char *p = anon(64 * PAGE);
	int i, good = 0;

	for (i = 0; i < 64; i += 2)
		must(mprotect(p + (size_t)i * PAGE, PAGE, PROT_READ));
	for (i = 0; i < 64; i++)
		good += writable(p + (size_t)i * PAGE) == i % 2;
	equal(good, 64, "alternating");
	must(mprotect(p, 64 * PAGE, PROT_READ | PROT_WRITE));
	for (good = i = 0; i < 64; i++)
		good += writable(p + (size_t)i * PAGE);
	equal(good, 64, "all writable");
	must(mprotect(p + 8 * PAGE, 40 * PAGE, PROT_NONE));
	for (good = i = 0; i < 64; i++)
		good += writable(p + (size_t)i * PAGE) == (i < 8 || i >= 48);
	equal(good, 64, "a range across former borders");
	return done();
}
