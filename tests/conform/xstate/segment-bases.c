/* SPDX-License-Identifier: MIT */
/*
 * segment-bases - FS and GS bases set by arch_prctl are each thread's own across switches and signals. Catches
 * a base not restored.
 */
#include "xstate.h"
#include <asm/prctl.h>

static int keep(unsigned int seed)
{
	unsigned long gs = 0, fs_before = 0, fs_after = 0, want = 0x100000ul + seed;

	must(syscall(SYS_arch_prctl, ARCH_GET_FS, &fs_before));
	must(syscall(SYS_arch_prctl, ARCH_SET_GS, want));
	sched_yield();
	sched_yield();
	must(syscall(SYS_arch_prctl, ARCH_GET_GS, &gs));
	must(syscall(SYS_arch_prctl, ARCH_GET_FS, &fs_after));
	return gs != want || fs_before != fs_after;
}

int main(void)
{
	static uint64_t cell = 77;
	uint64_t seen = 0;

	check(kept(keep), "own bases");
	must(syscall(SYS_arch_prctl, ARCH_SET_GS, (unsigned long)(uintptr_t)&cell));
	__asm__ volatile("mov %%gs:0, %0" : "=r"(seen));
	equal(seen, 77, "used by an access");
	fails(syscall(SYS_arch_prctl, ARCH_SET_FS, 1ul << 63), EPERM, "a base of the kernel's half");
	return done();
}
