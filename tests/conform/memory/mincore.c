/* SPDX-License-Identifier: MIT */
/*
 * mincore - mincore tells touched pages of anonymous memory, ENOMEM for a hole. Catches a vector that is
 * not filled.
 */
#include "conform.h"

int main(void)
{
	char *p = anon(4 * PAGE);
	unsigned char there[4] = { 0x55, 0x55, 0x55, 0x55 };

	p[PAGE] = 1;
	equal(mincore(p, 4 * PAGE, there), 0, "mapped");
	equal(there[1] & 1, 1, "touched page");
	check(!(there[0] & 0xfe) && !(there[3] & 0xfe), "only the lowest bit is used");
	fails(mincore(p + 1, PAGE, there), EINVAL, "unaligned");
	must(munmap(p + 3 * PAGE, PAGE));
	fails(mincore(p, 4 * PAGE, there), ENOMEM, "a hole");
	return done();
}
