/* SPDX-License-Identifier: MIT */
/*
 * mremap-fixed - MREMAP_FIXED puts a mapping over another one; wrong arguments are EINVAL or EFAULT. Catches
 * moves that leave two copies.
 */
#include "conform.h"

int main(void)
{
	char *a = anon(4 * PAGE), *b = anon(4 * PAGE), *q;
	int flags = MREMAP_MAYMOVE | MREMAP_FIXED;

	memset(a, 'a', 4 * PAGE);
	memset(b, 'b', 4 * PAGE);
	q = must(mremap(a, 2 * PAGE, 2 * PAGE, flags, b + PAGE));
	check(q == b + PAGE, "the place asked for");
	equal(b[0] * 1000000 + b[PAGE] * 1000 + b[3 * PAGE], 'b' * 1000000 + 'a' * 1000 + 'b', "content");
	check_fault(caught(touch_read, a), SIGSEGV, SEGV_MAPERR, a, "gone from where it was");
	equal(a[2 * PAGE], 'a', "what was not moved stays");
	fails(mremap(b, PAGE, PAGE, MREMAP_FIXED, b), EINVAL, "fixed without maymove");
	fails(mremap(b, 4 * PAGE, 4 * PAGE, flags, b + PAGE), EINVAL, "onto itself");
	fails(mremap(b + 1, PAGE, PAGE, 0), EINVAL, "unaligned");
	fails(mremap(b, PAGE, 0, 0), EINVAL, "to nothing");
	fails(mremap(a, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT, "of what is not mapped");
	return done();
}
