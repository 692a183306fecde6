// SPDX-License-Identifier: MIT
/*
 * scribble.c - an isle gone mad: everything that Linux reads of it becomes noise, and bells ring at
 * random.
 *
 * The loader's words (CPU table, route, request) stay, so that it can still be told to stop; so
 * does all memory that is not this isle's.
 */
#include "inject_priv.h"

#include <stdint.h>

#include <arch/cpu.h>
#include <arch/mmu.h>
#include <isle/counters.h>
#include <isle/log.h>
#include <kern/boot.h>
#include <kern/extent.h>

#define ROUNDS  16u

void *volatile inject_null;

/* xorshift64 (Marsaglia 2003): the noise is the same in every run. */
static uint64_t noise(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15ull;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void fill(void *at, uint64_t size)
{
	volatile uint64_t *word = at;

	for (; size >= 8; size -= 8)
		*word++ = noise();
}

static void round_once(void)
{
	struct isle_log *log = private_at(boot->log_ipa);

	fill(log, sizeof(*log));
	fill(log + 1, boot->log_size - sizeof(*log));
	fill(private_at(boot->counters_ipa), boot->nr_cpus * sizeof(struct isle_counters));
	fill(private_at(boot->granules_ipa), boot->mem_size / ISLE_GRANULE_SIZE);
	fill(hpa_to_va(ipa_to_hpa(boot->window_ipa)), boot->window_size);
	__atomic_store_n(&boot->state, (uint32_t)noise(), __ATOMIC_RELAXED);
	boot->exit_code = (int32_t)noise();
	boot->cpus_up = (uint32_t)noise();
	bell_ring(noise());
}

void inject_scribble(void)
{
	uint32_t i;

	for (i = 0; i < ROUNDS; i++) {
		round_once();
		irq_window();
	}
}
