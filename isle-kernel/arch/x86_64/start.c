// SPDX-License-Identifier: MIT
/*
 * start.c - from the entry to generic code: the order in which a core gets its ground under its
 * feet.
 */
#include <arch/enter.h>

#include "arch_priv.h"

#include <arch/context.h>
#include <arch/cpu.h>
#include <arch/lapic.h>
#include <kern/cpu.h>
#include <kern/main.h>
#include <kern/process.h>
#include <kern/sched.h>
#include <kern/smp.h>

_Static_assert(offsetof(struct cpu, self) == 0, "this_cpu() reads the first word");

static void cpu_fill(struct cpu *cpu, struct isle_boot *page, uint32_t row)
{
	uint8_t *base = (uint8_t *)ISLE_KBASE;
	struct isle_cpu *entry = (struct isle_cpu *)(base + page->cpus_ipa) + row;

	cpu->self = cpu;
	cpu->row = row;
	cpu->node = entry->node;
	cpu->apic_id = entry->apic_id;
	cpu->entry = entry;
	cpu->counters = (struct isle_counters *)(base + page->counters_ipa) + row;
}

void cpu_start(struct cpu *cpu, struct isle_boot *page, uint32_t row, uint64_t tsc)
{
	cpu_fill(cpu, page, row);
	desc_load(cpu);
	if (row == 0) {
		cpu_features_read(page->flags);
		cpu_setup();
		isle_main(page, tsc);
	}
	cpu_setup();
	lapic_setup();
	if (process_wanted())
		context_setup_cpu();
	sched_init_cpu();
	smp_enter();
	sched_loop();
}
