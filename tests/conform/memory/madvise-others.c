/* SPDX-License-Identifier: MIT */
/*
 * madvise-others - advice that only says what is wanted succeeds, unknown advice and bad ranges are
 * refused. Catches ENOSYS where programs give up.
 */
#include "conform.h"

int main(void)
{
	static const int advice[] = { MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTFORK,
				      MADV_DOFORK, MADV_DONTDUMP, MADV_DODUMP };
	char *p = anon(4 * MIB);
	size_t i;

	memset(p, 'a', 4 * MIB);
	for (i = 0; i < COUNT(advice); i++)
		equal(madvise(p, 4 * MIB, advice[i]), 0, "advice %d", advice[i]);
	equal(madvise(p, MIB, MADV_FREE), 0, "free");
	check(p[0] == 'a' || p[0] == 0, "freed memory is old or zero");
	p[0] = 'b';
	equal(p[0], 'b', "and usable");
	equal(p[4 * MIB - 1], 'a', "nothing else is lost");
	fails(madvise(p, PAGE, 12345), EINVAL, "unknown advice");
	fails(madvise(p + 1, PAGE, MADV_NORMAL), EINVAL, "unaligned");
	must(munmap(p, PAGE));
	fails(madvise(p, 2 * PAGE, MADV_WILLNEED), ENOMEM, "not mapped");
	return done();
}
