/* SPDX-License-Identifier: MIT */
/*
 * reserve-512g - 512 GiB of PROT_NONE without reserve cost nothing, and any part can be made usable. Catches
 * eager page tables and commit accounting: Go, malloc arenas and sanitizers reserve so.
 */
#include "conform.h"

int main(void)
{
	size_t len = 512ul << 30, step = len / 8;
	char *p = must(mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
	int i, good = 0;

	check(1, "reserved");
	check_fault(caught(touch_write, p + step), SIGSEGV, SEGV_ACCERR, p + step, "not usable yet");
	for (i = 0; i < 8; i++) {
		char *q = p + (size_t)i * step;

		must(mprotect(q, 16 * PAGE, PROT_READ | PROT_WRITE));
		q[15 * PAGE] = (char)i;
		good += q[15 * PAGE] == i && q[0] == 0;
	}
	equal(good, 8, "parts made usable");
	check_fault(caught(touch_write, p + 16 * PAGE), SIGSEGV, SEGV_ACCERR, p + 16 * PAGE, "the rest still is not");
	equal(munmap(p, len), 0, "given back");
	return done();
}
