// SPDX-License-Identifier: MIT
/*
 * scribble.c - an isle gone mad: everything that Linux reads of it becomes noise, and bells ring at
 * random. With a seed, noise of that seed, and some of it almost right.
 *
 * The loader's words (CPU table, route, request) stay, so that it can still be told to stop; so
 * does all memory that is not this isle's.
 */
#include "inject_priv.h"

#include <stdint.h>

#include <arch/cpu.h>
#include <isle/call.h>
#include <isle/counters.h>
#include <isle/log.h>
#include <isle/window.h>
#include <kern/boot.h>
#include <kern/params.h>

#define ROUNDS  16u

void *volatile inject_null;

/* xorshift64 (Marsaglia 2003): with one seed the noise is the same in every run. */
uint64_t noise(void)
{
	static uint64_t state;

	if (!state)
		state = (params.seed + 1) * 0x9e3779b97f4a7c15ull;
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

static void fill_all(void)
{
	struct isle_log *log = private_at(boot->log_ipa);

	fill(log, sizeof(*log));
	fill(log + 1, boot->log_size - sizeof(*log));
	fill(private_at(boot->counters_ipa), boot->nr_cpus * sizeof(struct isle_counters));
	fill(private_at(boot->granules_ipa), boot->mem_size / ISLE_GRANULE_SIZE);
	fill(window_at(0), boot->window_size);
	__atomic_store_n(&boot->state, (uint32_t)noise(), __ATOMIC_RELAXED);
	boot->exit_code = (int32_t)noise();
	boot->cpus_up = (uint32_t)noise();
}

/* A word that is noise, or nearly what it was. */
void noise_spoil(uint64_t *word)
{
	uint64_t value = *(volatile uint64_t *)word;

	switch (noise() % 4) {
	case 0: value = noise(); break;
	case 1: value += noise() % 65 - 32; break;
	case 2: value ^= 1ull << (noise() % 64); break;
	default: value = noise() % 64; break;
	}
	*(volatile uint64_t *)word = value;
}

/* Log: head and tail, and lengths of records between them. */
static void spoil_log(void)
{
	uint64_t *word = private_at(boot->log_ipa), n = 1 + noise() % 8;

	while (n--)
		noise_spoil(word + noise() % ((noise() % 2 ? sizeof(struct isle_log) : boot->log_size) / 8));
}

/* Call slots, mostly the first few and the reception's; and the use of granules, which faults look at. */
static void spoil_window(void)
{
	uint64_t n = 1 + noise() % 64, slots = noise() % 2 ? 8 : ISLE_MAX_SLOTS;
	uint8_t *granules = private_at(boot->granules_ipa);

	while (n--) {
		noise_spoil(window_at(ISLE_WINDOW_SLOTS + noise() % (slots * sizeof(struct isle_slot) / 8) * 8));
		granules[noise() % (boot->mem_size / ISLE_GRANULE_SIZE)] = (uint8_t)(noise() % 8);
	}
}

/* States that exist, in any order. */
static void spoil_state(void)
{
	if (noise() % 8 == 0)
		__atomic_store_n(&boot->state, (uint32_t)(noise() % (ISLE_STATE_PANICKED + 2)), __ATOMIC_RELAXED);
	boot->exit_code = (int32_t)noise();
}

static void round_once(void)
{
	static void (*const kinds[])(void) = { fill_all, spoil_log, spoil_window, spoil_window, spoil_state };

	/* The first seed is noise all over, as it always was. */
	kinds[params.seed ? noise() % (sizeof(kinds) / sizeof(kinds[0])) : 0]();
	bell_ring(noise());
}

void inject_scribble(void)
{
	uint32_t i, rounds = params.seed ? 16 * ROUNDS : ROUNDS;

	for (i = 0; i < rounds; i++) {
		round_once();
		irq_window();
	}
}
