/* SPDX-License-Identifier: MIT */
/*
 * mremap-shrink - mremap to a smaller size unmaps the tail only. Catches a shrink that is ignored or moves.
 */
#include "conform.h"

int main(void)
{
	char *p = anon(8 * PAGE), *q;

	memset(p, 'q', 8 * PAGE);
	q = must(mremap(p, 8 * PAGE, 3 * PAGE, 0));
	check(q == p, "same place");
	equal(q[3 * PAGE - 1], 'q', "the front is kept");
	check_fault(caught(touch_read, p + 3 * PAGE), SIGSEGV, SEGV_MAPERR, p + 3 * PAGE, "the tail is gone");
	q = must(mremap(p, 3 * PAGE, 3 * PAGE, 0));
	check(q == p, "same size is no change");
	return done();
}
