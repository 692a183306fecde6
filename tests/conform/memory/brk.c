/* SPDX-License-Identifier: MIT */
/*
 * brk - brk grows by zeroed pages, shrinks, and grows zeroed again; what it gave up faults. Catches heaps
 * that cannot move.
 */
#include "conform.h"

int main(void)
{
	char *start, *p;
	int bad = 0;
	size_t i;

	printf("the heap is in use\n");  /* stdio takes its buffer from it now, not later */
	start = sbrk(0);
	check((char *)syscall(SYS_brk, 0) == start, "the break asked for by 0");
	p = sbrk(64 * PAGE);
	check(p == start, "grown");
	for (i = 0; i < 64 * PAGE; i++)
		bad += p[i] != 0;
	equal(bad, 0, "zero");
	memset(p, 'a', 64 * PAGE);
	check(brk(start + 32 * PAGE) == 0 && sbrk(0) == (void *)(start + 32 * PAGE), "shrunk");
	equal(p[32 * PAGE - 1], 'a', "front kept");
	p = (char *)(((uintptr_t)start + 33 * PAGE) & ~(PAGE - 1));
	check_fault(caught(touch_read, p), SIGSEGV, SEGV_MAPERR, p, "tail");
	check(brk(start + 64 * PAGE) == 0, "grown again");
	equal(start[40 * PAGE], 0, "zero again");
	check((char *)syscall(SYS_brk, 1ul << 46) == start + 64 * PAGE, "too much leaves it where it was");
	return done();
}
