// SPDX-License-Identifier: MIT
/*
 * plat.c - chooses the platform, and the one way out of the kernel.
 */
#include <plat/plat.h>

#include <stddef.h>

#include <arch/cpu.h>
#include <arch/enter.h>
#include <kern/cpu.h>

const struct plat *plat;

const char *plat_init(const struct isle_boot *page)
{
	switch (page->platform) {
	case ISLE_PLAT_MULTI:
		plat = &plat_multi;
		return NULL;
	case ISLE_PLAT_UHYVE:
		plat = &plat_uhyve;
		return NULL;
	case ISLE_PLAT_QEMU:
		plat = page->route == ISLE_ROUTE_NONE ? &plat_qemu_alone : &plat_qemu;
		return NULL;
	}
	return "the platform is unknown";
}

void plat_park(uint32_t state)
{
	struct cpu *cpu = this_cpu();

	cpu_quiesce();
	/* Release: the core has done everything else by now. */
	__atomic_store_n(&cpu->entry->state, state, __ATOMIC_RELEASE);
	plat->park(cpu);
}
