/* SPDX-License-Identifier: MIT */
/*
 * msync-unmapped - msync is how MPICH looks for free addresses: ENOMEM for a page that is not mapped, 0 for
 * one that is. Catches a no-op msync, with which that search never ends.
 */
#include "conform.h"

int main(void)
{
	char *p = anon(3 * PAGE);

	equal(msync(p, PAGE, 0), 0, "mapped");
	equal(msync(p, 3 * PAGE, MS_SYNC), 0, "all mapped");
	must(munmap(p + PAGE, PAGE));
	fails(msync(p + PAGE, PAGE, 0), ENOMEM, "unmapped");
	fails(msync(p, 3 * PAGE, MS_ASYNC), ENOMEM, "a hole inside");
	fails(msync(p + 1, PAGE, MS_SYNC), EINVAL, "unaligned");
	fails(msync(p, PAGE, MS_SYNC | MS_ASYNC), EINVAL, "both ways at once");
	fails(msync(p, PAGE, 0x40), EINVAL, "unknown flag");
	return done();
}
