// SPDX-License-Identifier: MIT
/*
 * ipi.c - functions run on other cores, without a lock.
 *
 * Each core has one call of its own, and a set of rows that want it to run theirs. A caller fills
 * its call, adds itself to the targets' sets, interrupts them, and waits until `remaining` is 0,
 * answering others meanwhile: two cores that call each other both get served.
 */
#include <kern/ipi.h>

#include <arch/cpu.h>
#include <arch/lapic.h>
#include <kern/cpu.h>
#include <kern/panic.h>
#include <kern/time.h>

#define ANSWER_MS  2000u

struct cpuset cpus_up;

void ipi_poll(void)
{
	struct cpu *me = this_cpu();
	uint32_t word;

	for (word = 0; word < CPUSET_WORDS; word++) {
		/* A plain look first: the exchange would take the line away from its writers. */
		uint64_t rows = __atomic_load_n(&me->callers.bits[word], __ATOMIC_RELAXED);

		if (!rows)
			continue;
		/* Acquire: pairs with the release in call_post; the caller's call is complete. */
		rows = __atomic_exchange_n(&me->callers.bits[word], 0, __ATOMIC_ACQUIRE);
		for (; rows; rows &= rows - 1) {
			uint32_t row = word * 64 + (uint32_t)__builtin_ctzll(rows);
			struct cpu *caller = cpu_by_row[row];
			bool counted = caller->call.counted;

			caller->call.run(caller->call.arg);
			/* Release: what run did is seen by the caller. */
			if (counted)
				__atomic_fetch_sub(&caller->call.remaining, 1, __ATOMIC_RELEASE);
		}
	}
}

static void call_post(struct cpu *me, uint32_t row)
{
	struct cpu *target = cpu_by_row[row];
	uint64_t *word = &target->callers.bits[me->row / 64];

	/* Release: pairs with the acquire in ipi_poll. */
	__atomic_fetch_or(word, 1ull << (me->row % 64), __ATOMIC_RELEASE);
	lapic_send(target->apic_id, ISLE_VECTOR_CALL);
	counter_inc(IPIS_OUT);
}

static bool call_wait(struct cpu *me)
{
	uint64_t end = time_deadline_ms(ANSWER_MS);

	while (__atomic_load_n(&me->call.remaining, __ATOMIC_ACQUIRE)) {
		ipi_poll();
		if (time_past(end))
			return false;
		cpu_relax();
	}
	return true;
}

static void call_start(struct cpu *me, const struct cpuset *set, struct cpu_call call)
{
	uint32_t row;

	kassert(!me->call.remaining);
	if (call.counted)
		cpuset_for_each(row, set)
			call.remaining += row != me->row && cpuset_has(&cpus_up, row);
	me->call = call;
	cpuset_for_each(row, set)
		if (row != me->row && cpuset_has(&cpus_up, row))
			call_post(me, row);
}

void ipi_post(const struct cpuset *set, void (*run)(void *arg), void *arg)
{
	call_start(this_cpu(), set, (struct cpu_call){ .run = run, .arg = arg });
}

bool ipi_call(const struct cpuset *set, void (*run)(void *arg), void *arg)
{
	struct cpu *me = this_cpu();

	call_start(me, set, (struct cpu_call){ .run = run, .arg = arg, .counted = true });
	if (!call_wait(me))
		return false;
	if (cpuset_has(set, me->row))
		run(arg);
	return true;
}
