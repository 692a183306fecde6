// SPDX-License-Identifier: MIT
/*
 * trap.c - self-tests of exceptions, interrupts nobody asked for, and the stacks for faults.
 */
#include <kern/selftest.h>

#include <stddef.h>

#include <arch/cpu.h>
#include <arch/enter.h>
#include <arch/lapic.h>
#include <arch/trap.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/time.h>

#define FOREIGN_VECTOR  0x55u
#define ARRIVE_MS       500u

static void exceptions_recover(void)
{
	const struct isle_counters *c = this_cpu()->counters;
	uint64_t before = c->named[ISLE_COUNTER_EXCEPTIONS];

	selftest_expect(probe_divide());
	selftest_expect(probe_invalid());
	selftest_expect(c->named[ISLE_COUNTER_EXCEPTIONS] == before + 2);
	selftest_expect(c->vector[0] && c->vector[6]);
}

/* A non-canonical address is a general protection fault, not a page fault. */
static void noncanonical_recovers(void)
{
	uint64_t word, before = this_cpu()->counters->vector[13];

	selftest_expect(!probe_read((void *)0x0000800000000000ull, &word));
	selftest_expect(this_cpu()->counters->vector[13] == before + 1);
}

/* Lets interrupts in until the counter has moved. */
static bool counter_moves(const uint64_t *counter, uint64_t before)
{
	uint64_t end = time_deadline_ms(ARRIVE_MS);

	while (*(const volatile uint64_t *)counter == before && !time_past(end))
		irq_window();
	return *counter != before;
}

static void foreign_vector_ignored(void)
{
	struct cpu *me = this_cpu();
	const uint64_t *counter = &me->counters->vector[FOREIGN_VECTOR];
	uint64_t foreign = me->counters->named[ISLE_COUNTER_FOREIGN], before = *counter;

	lapic_send(me->apic_id, FOREIGN_VECTOR);
	selftest_expect(counter_moves(counter, before));
	selftest_expect(me->counters->named[ISLE_COUNTER_FOREIGN] == foreign + 1);
	/* It was acknowledged: the next one arrives too. */
	before = *counter;
	lapic_send(me->apic_id, FOREIGN_VECTOR);
	selftest_expect(counter_moves(counter, before));
}

/* Runs on a stack of its own, and again: NMIs are not left blocked. */
static void nmi_ignored(void)
{
	struct cpu *me = this_cpu();
	const uint64_t *counter = &me->counters->vector[2];
	uint32_t i;

	for (i = 0; i < 3; i++) {
		uint64_t before = *counter;

		lapic_send_nmi(me->apic_id);
		selftest_expect(counter_moves(counter, before));
	}
	selftest_expect(this_cpu() == me);
}

/* Every core's fault stacks are mapped to their last word, and begin with its name. */
static void fault_stacks_valid(void)
{
	uint32_t row, i;

	for (row = 0; row < boot->nr_cpus; row++) {
		for (i = 0; i < NR_FAULT_STACKS; i++) {
			uint64_t top = cpu_fault_stack(cpu_by_row[row], i), low, word;

			selftest_expect(probe_read((void *)top, &word));
			selftest_expect(word == (uint64_t)(uintptr_t)cpu_by_row[row]);
			low = top & ~(uint64_t)(FAULT_STACK_SIZE - 1);
			selftest_expect(probe_read((void *)low, &word));
			selftest_expect(probe_write((void *)low, word));
		}
	}
}

const struct selftest selftests_trap[] = {
	{ "exceptions-recover", exceptions_recover },
	{ "noncanonical-recovers", noncanonical_recovers },
	{ "foreign-vector-ignored", foreign_vector_ignored },
	{ "nmi-ignored", nmi_ignored },
	{ "fault-stacks-valid", fault_stacks_valid },
	{ NULL, NULL },
};
