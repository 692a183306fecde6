/* SPDX-License-Identifier: MIT */
/*
 * nx-fault - a jump into data, heap or stack is SIGSEGV with SEGV_ACCERR at that address; a jump to nothing
 * is SEGV_MAPERR. Catches memory that is executable by accident.
 */
#include "conform.h"

static unsigned char data[16] = { 0xc3 };

static void jump(void *p)
{
	void (*f)(void);

	memcpy(&f, &p, sizeof(f));
	f();
}

int main(void)
{
	unsigned char stack[16] = { 0xc3 }, *heap = malloc(16), *map = anon(PAGE);

	heap[0] = map[0] = 0xc3;
	check_fault(caught(jump, data), SIGSEGV, SEGV_ACCERR, data, "data");
	check_fault(caught(jump, stack), SIGSEGV, SEGV_ACCERR, stack, "stack");
	check_fault(caught(jump, heap), SIGSEGV, SEGV_ACCERR, heap, "heap");
	check_fault(caught(jump, map), SIGSEGV, SEGV_ACCERR, map, "mapping");
	must(munmap(map, PAGE));
	check_fault(caught(jump, map), SIGSEGV, SEGV_MAPERR, map, "unmapped");
	check_fault(caught(jump, NULL), SIGSEGV, SEGV_MAPERR, NULL, "null");
	return done();
}
