/* SPDX-License-Identifier: MIT */
/*
 * anon-zero - new anonymous memory is page aligned, zero and keeps what is written. Catches frames handed
 * out unscrubbed.
 */
#include "conform.h"

int main(void)
{
	size_t len = 3 * MIB, i;
	unsigned char *p;
	int round, bad = 0;

	for (round = 0; round < 3; round++) {
		p = anon(len);
		if (!round)
			check((uintptr_t)p % PAGE == 0, "page aligned");
		for (i = 0; i < len; i++)
			bad += p[i] != 0;
		memset(p, 0xa5, len);
		for (i = 0; i < len; i += 511)
			bad += p[i] != 0xa5;
		must(munmap(p, len));
	}
	equal(bad, 0, "zero when new, as written afterwards, three times over");
	return done();
}
