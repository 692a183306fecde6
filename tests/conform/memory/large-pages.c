/* SPDX-License-Identifier: MIT */
/*
 * large-pages - a 2 MiB aligned area can be cut anywhere: unmapped, protected and dropped by single
 * pages. Catches large pages that are not split, or split without their content.
 */
#include "conform.h"

int main(void)
{
	char *p = anon(10 * MIB), *q = (char *)(((uintptr_t)p + 2 * MIB - 1) & ~(2 * MIB - 1));
	size_t i;
	int bad = 0;

	madvise(q, 8 * MIB, MADV_HUGEPAGE);
	for (i = 0; i < 8 * MIB; i += 8)
		*(uint64_t *)(q + i) = i;
	must(munmap(q + MIB, PAGE));
	must(mprotect(q + 3 * MIB, PAGE, PROT_READ));
	must(madvise(q + 5 * MIB, PAGE, MADV_DONTNEED));
	check_fault(caught(touch_read, q + MIB), SIGSEGV, SEGV_MAPERR, q + MIB, "a page cut out");
	check_fault(caught(touch_write, q + 3 * MIB), SIGSEGV, SEGV_ACCERR, q + 3 * MIB, "a page made read-only");
	for (i = 0; i < 8 * MIB; i += 8)
		if (i / PAGE == 5 * MIB / PAGE)
			bad += *(uint64_t *)(q + i) != 0;
		else if (i / PAGE != MIB / PAGE)
			bad += *(uint64_t *)(q + i) != i;
	equal(bad, 0, "everything else is as written");
	return done();
}
