/* SPDX-License-Identifier: MIT */
/*
 * fault-noncanonical - a non-canonical address is SIGSEGV with SI_KERNEL and no address; one of the kernel's
 * half is SEGV_MAPERR with the address. Catches general protection faults and accesses to the isle kernel
 * that are not turned into signals.
 */
#include "conform.h"

int main(void)
{
	void *hole = (void *)(uintptr_t)0x1234567812345678ull, *kernel = (void *)(uintptr_t)0xffff900000000000ull;

	check_fault(caught(touch_read, hole), SIGSEGV, SI_KERNEL, NULL, "non-canonical");
	check_fault(caught(touch_read, kernel), SIGSEGV, SEGV_MAPERR, kernel, "read of the upper half");
	check_fault(caught(touch_write, kernel), SIGSEGV, SEGV_MAPERR, kernel, "write of the upper half");
	return done();
}
