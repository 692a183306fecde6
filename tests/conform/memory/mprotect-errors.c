/* SPDX-License-Identifier: MIT */
/*
 * mprotect-errors - mprotect says EINVAL for an unaligned address and ENOMEM for a hole. Catches silent success.
 */
#include "conform.h"

int main(void)
{
	char *p = anon(4 * PAGE);

	fails(mprotect(p + 1, PAGE, PROT_READ), EINVAL, "unaligned");
	fails(mprotect(p, PAGE, 0x100), EINVAL, "unknown protection");
	must(munmap(p + 2 * PAGE, PAGE));
	fails(mprotect(p + 2 * PAGE, PAGE, PROT_READ), ENOMEM, "not mapped");
	fails(mprotect(p, 4 * PAGE, PROT_READ), ENOMEM, "a hole inside");
	equal(mprotect(p, 0, PROT_READ), 0, "nothing");
	equal(mprotect(p + 3 * PAGE, 1, PROT_READ), 0, "one byte is the page");
	check(caught(touch_write, p + 3 * PAGE + 4000).sig == SIGSEGV, "the whole page");
	return done();
}
