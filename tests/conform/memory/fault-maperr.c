/* SPDX-License-Identifier: MIT */
/*
 * fault-maperr - touching what is not mapped is SIGSEGV with SEGV_MAPERR and the very address. Catches
 * rounded or missing si_addr.
 */
#include "conform.h"

int main(void)
{
	char *p = anon(PAGE);

	must(munmap(p, PAGE));
	check_fault(caught(touch_read, p + 123), SIGSEGV, SEGV_MAPERR, p + 123, "read");
	check_fault(caught(touch_write, p + 4095), SIGSEGV, SEGV_MAPERR, p + 4095, "write");
	check_fault(caught(touch_read, NULL), SIGSEGV, SEGV_MAPERR, NULL, "null");
	check_fault(caught(touch_write, (void *)(uintptr_t)8), SIGSEGV, SEGV_MAPERR, (void *)(uintptr_t)8,
		"member of null");
	return done();
}
