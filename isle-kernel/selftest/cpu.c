// SPDX-License-Identifier: MIT
/*
 * cpu.c - self-tests of what cores do together: calls, interrupts, time; and of counters and the
 * log.
 */
#include <kern/selftest.h>

#include <stddef.h>

#include <arch/cpu.h>
#include <arch/lapic.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/ipi.h>
#include <kern/log.h>
#include <kern/string.h>
#include <kern/time.h>

#define ARRIVE_MS  500u

static void count_run(void *arg)
{
	__atomic_fetch_add((uint32_t *)arg, 1, __ATOMIC_RELAXED);
}

static void calls_reach_all(void)
{
	uint32_t count = 0, i;

	for (i = 1; i <= 100; i++) {
		selftest_expect(ipi_call(&cpus_up, count_run, &count));
		if (count != i * boot->nr_cpus) {
			selftest_fail("%u runs after %u calls of %u cores", count, i,
				      boot->nr_cpus);
			return;
		}
	}
}

static void calls_reach_one(void)
{
	uint32_t row;

	for (row = 0; row < boot->nr_cpus; row++) {
		struct cpuset one = { { 0 } };
		uint32_t count = 0;

		cpuset_add(&one, row);
		selftest_expect(ipi_call(&one, count_run, &count) && count == 1);
	}
}

static void send_resched(void *arg)
{
	lapic_send(cpu_by_row[*(uint32_t *)arg]->apic_id, ISLE_VECTOR_RESCHED);
}

static uint64_t resched_count(uint32_t row)
{
	const volatile uint64_t *vectors = cpu_by_row[row]->counters->vector;

	return vectors[ISLE_VECTOR_RESCHED];
}

/* From one core to another, one interrupt. */
static void pair_check(uint32_t from, uint32_t to)
{
	struct cpuset sender = { { 0 } };
	uint64_t before = resched_count(to), end = time_deadline_ms(ARRIVE_MS);

	cpuset_add(&sender, from);
	selftest_expect(ipi_call(&sender, send_resched, &to));
	while (resched_count(to) == before && !time_past(end))
		irq_window();
	if (resched_count(to) != before + 1)
		selftest_fail("core %u got %lu interrupts of core %u", to,
			      (unsigned long)(resched_count(to) - before), from);
}

static void interrupts_all_to_all(void)
{
	uint32_t from, to;

	for (from = 0; from < boot->nr_cpus; from++)
		for (to = 0; to < boot->nr_cpus; to++)
			pair_check(from, to);
}

static void read_tsc(void *arg)
{
	*(uint64_t *)arg = tsc_read();
}

/* A read on another core lies between one before and one after it here. */
static void tsc_monotonic(void)
{
	uint32_t row, i;

	for (row = 1; row < boot->nr_cpus; row++) {
		struct cpuset one = { { 0 } };

		cpuset_add(&one, row);
		for (i = 0; i < 100; i++) {
			uint64_t before = tsc_read(), there = 0;

			selftest_expect(ipi_call(&one, read_tsc, &there));
			if (there < before || tsc_read() < there)
				selftest_fail("the TSC of core %u is %ld ticks off", row,
					      (long)(there - before));
		}
	}
}

static void counters_count(void)
{
	struct cpu *me = this_cpu();
	const volatile uint64_t *named = me->counters->named;
	uint64_t before = named[ISLE_COUNTER_SWITCHES];

	struct isle_counters *all = private_at(boot->counters_ipa);

	selftest_expect(me->counters == all + me->row);
	counter_add(SWITCHES, 3);
	selftest_expect(named[ISLE_COUNTER_SWITCHES] == before + 3);
	counter_add(SWITCHES, (uint64_t)-3);
}

/* Cores with nothing to do sleep; each has gone to sleep at least once, and says that it is up. */
static void others_sleep(void)
{
	uint32_t row;

	for (row = 1; row < boot->nr_cpus; row++) {
		const volatile uint64_t *named = cpu_by_row[row]->counters->named;

		selftest_expect(named[ISLE_COUNTER_IDLE_ENTRIES] > 0);
		selftest_expect(boot_cpu(row)->state == ISLE_CPU_UP);
	}
	selftest_expect(boot->cpus_up == boot->nr_cpus);
}

/* A text longer than a record becomes two, and what the reader has is what was said. */
static void log_splits(void)
{
	const struct isle_log *ring = private_at(boot->log_ipa);
	uint64_t head = ring->head, size = ring->data_size;
	const uint8_t *data = (const uint8_t *)(ring + 1);
	const struct isle_log_record *first = (const void *)(data + (head & (size - 1)));
	uint64_t dropped = log_dropped();

	log_info("selftest: %01200u", 7);
	selftest_expect(log_dropped() == dropped);
	selftest_expect(ring->head - head >= 1200 + 2 * sizeof(*first));
	if (first->level == ISLE_LOG_PAD)
		return;
	selftest_expect(first->size <= ISLE_LOG_RECORD_MAX && first->text_size > 900);
	selftest_expect(!memcmp(first + 1, "selftest: 000", 13));
}

const struct selftest selftests_cpu[] = {
	{ "calls-reach-one", calls_reach_one },
	{ "calls-reach-all", calls_reach_all },
	{ "interrupts-all-to-all", interrupts_all_to_all },
	{ "tsc-monotonic", tsc_monotonic },
	{ "counters-count", counters_count },
	{ "others-sleep", others_sleep },
	{ "log-splits", log_splits },
	{ NULL, NULL },
};
