/* SPDX-License-Identifier: MIT */
/*
 * munmap-overlap - munmap over several mappings, halves of them and holes removes exactly that range. Catches
 * areas lost or left over when ranges overlap.
 */
#include "conform.h"

int main(void)
{
	char *p = anon(32 * PAGE);
	int i, good = 0;

	for (i = 0; i < 32; i += 4)
		must(mprotect(p + (size_t)i * PAGE, PAGE, PROT_READ));
	must(munmap(p + 10 * PAGE, 3 * PAGE));
	must(munmap(p + 5 * PAGE, 18 * PAGE));
	for (i = 0; i < 32; i++)
		good += (caught(touch_read, p + (size_t)i * PAGE).code == SEGV_MAPERR) == (i >= 5 && i < 23);
	equal(good, 32, "exactly the range");
	for (good = i = 0; i < 32; i++)
		if (i < 5 || i >= 23)
			good += (caught(touch_write, p + (size_t)i * PAGE).sig == 0) == (i % 4 != 0);
	equal(good, 14, "rights of what is left");
	equal(munmap(p + 5 * PAGE, 18 * PAGE), 0, "unmapping nothing succeeds");
	fails(munmap(p + 1, PAGE), EINVAL, "unaligned");
	fails(munmap(p, 0), EINVAL, "no length");
	equal(munmap(p + 4 * PAGE, 1), 0, "one byte is the page");
	check(caught(touch_read, p + 4 * PAGE).code == SEGV_MAPERR, "the whole page");
	return done();
}
