/* SPDX-License-Identifier: MIT */
/*
 * fault-accerr - a write to a read-only page and any touch of a PROT_NONE page are SEGV_ACCERR; after mprotect
 * they work and the content is still there. Catches stale TLB entries and lost pages.
 */
#include "conform.h"

int main(void)
{
	char *p = anon(3 * PAGE);

	memset(p, 'x', 3 * PAGE);
	must(mprotect(p + PAGE, PAGE, PROT_READ));
	check_fault(caught(touch_write, p + PAGE + 7), SIGSEGV, SEGV_ACCERR, p + PAGE + 7, "write to read-only");
	equal(p[PAGE + 7], 'x', "still readable");
	must(mprotect(p + PAGE, PAGE, PROT_NONE));
	check_fault(caught(touch_read, p + PAGE), SIGSEGV, SEGV_ACCERR, p + PAGE, "read of PROT_NONE");
	must(mprotect(p + PAGE, PAGE, PROT_READ | PROT_WRITE));
	equal(caught(touch_write, p + PAGE).sig, 0, "writable again");
	equal(p[2 * PAGE - 1], 'x', "content kept");
	equal(p[0] + p[2 * PAGE], 2 * 'x', "neighbours untouched");
	return done();
}
