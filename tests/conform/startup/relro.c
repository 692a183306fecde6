/* SPDX-License-Identifier: MIT */
/*
 * relro - relocated constants and the global offset table are read-only after start, and pointers in them
 * are right. Catches PT_GNU_RELRO left out.
 */
#include "conform.h"

static int target = 5;
static int *const table[3] __attribute__((used)) = { &target, &target, &target };

int main(void)
{
	int *const *volatile t = table;
	struct fault f;

	equal(*t[0] + *t[2], 10, "relocated");
	f = caught(touch_write, (void *)(uintptr_t)&t[1]);
	check_fault(f, SIGSEGV, SEGV_ACCERR, (const void *)&t[1], "write");
	equal(*t[1], 5, "unchanged");
	return done();
}
