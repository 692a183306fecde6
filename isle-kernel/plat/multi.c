// SPDX-License-Identifier: MIT
/*
 * multi.c - bare cores under linux-module: doorbells are IPIs, leaving is a jump to the park entry.
 */
#include <plat/plat.h>

#include <arch/cpu.h>
#include <arch/enter.h>
#include <arch/lapic.h>
#include <kern/boot.h>
#include <kern/cpu.h>

/*
 * The route is read each time: Linux may move its interrupt at any moment, and looks at the reasons
 * itself after it has. An x86 core's stores are seen in order, and sending orders them, so that
 * Linux finds the reasons when it comes.
 */
static void multi_ring(void)
{
	uint64_t route = __atomic_load_n(&boot->route, __ATOMIC_ACQUIRE);

	if (route == ISLE_ROUTE_NONE || !lapic_ready())
		return;
	lapic_send(ISLE_ROUTE_APIC_ID(route), ISLE_ROUTE_VECTOR(route));
	counter_inc(DOORBELLS_OUT);
}

static void multi_nothing(void)
{
}

__attribute__((noreturn))
static void multi_park(struct cpu *cpu)
{
	if (boot->park_entry)
		park_jump(boot->park_entry, cpu->entry->mailbox_va);
	cpu_halt();
}

const struct plat plat_multi = {
	.name = "multi",
	.ring = multi_ring,
	.log_written = multi_nothing,
	.cpus_start = multi_nothing,
	.park = multi_park,
};
