// SPDX-License-Identifier: MIT
/*
 * smp.c - the isle's other cores come up.
 */
#include <kern/smp.h>

#include <arch/cpu.h>
#include <arch/enter.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/ipi.h>
#include <kern/panic.h>
#include <kern/time.h>
#include <plat/plat.h>

#define START_MS  5000u

/* Says that this core is up, to all who look. */
static void up_say(struct cpu *me)
{
	me->up = true;
	__atomic_fetch_or(&cpus_up.bits[me->row / 64], 1ull << (me->row % 64), __ATOMIC_RELEASE);
	__atomic_store_n(&me->entry->state, ISLE_CPU_UP, __ATOMIC_RELEASE);
	__atomic_fetch_add(&boot->cpus_up, 1, __ATOMIC_RELEASE);
}

void smp_enter(void)
{
	up_say(this_cpu());
}

void smp_start(void)
{
	uint64_t end = time_deadline_ms(START_MS);
	uint32_t row;

	up_say(this_cpu());
	for (row = 1; row < boot->nr_cpus; row++)
		if (!cpu_block_make(row))
			panic("smp: no memory for core %u", row);
	boot_state_set(ISLE_STATE_BOOTING_CPUS);
	if (boot->nr_cpus > 1) {
		bell_ring(ISLE_BELL_STATE);
		plat->cpus_start();
	}
	for (row = 1; row < boot->nr_cpus; row++)
		while (!__atomic_load_n(&boot_cpu(row)->state, __ATOMIC_ACQUIRE)) {
			if (time_past(end))
				panic("smp: core %u (APIC id %u) did not come up in %u ms", row,
				      boot_cpu(row)->apic_id, START_MS);
			cpu_relax();
		}
}
