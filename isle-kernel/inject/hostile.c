// SPDX-License-Identifier: MIT
/*
 * hostile.c - an isle that attacks the monitor of its machine: ports and addresses that nobody has, and every page that
 * it shares with the proxy, while the proxy serves it. For machines only: bare cores share ports with Linux.
 *
 * Like scribble.c it writes noise of a seed, but little at a time and often what is nearly right, so that the proxy
 * goes on long enough to meet much of it. A slot gets calls that harm nobody (nothing else would tell an attack on
 * the monitor from what a program may ask for), and the exit code stays one that is no signal: a proxy that dies by
 * one has been hit. Each seed leaves out some of it: one word of the wrong kind ends the isle, and what comes after is
 * not met.
 */
#include "inject_priv.h"

#include <stddef.h>
#include <stdint.h>

#include <arch/cpu.h>
#include <arch/harm.h>
#include <isle/call.h>
#include <isle/counters.h>
#include <isle/log.h>
#include <isle/pin.h>
#include <isle/window.h>
#include <kern/boot.h>
#include <kern/log.h>
#include <kern/params.h>
#include <kern/string.h>

#define ROUNDS      1500u
#define NR_KINDS    10u
#define NR_PARTS    8u
#define BAD_FD      0xfffffffffffffff7ull
#define WORDS(size) ((size) / sizeof(uint64_t))

/* What Linux reads of the isle; as the boot page said before it became noise itself. */
static struct isle_boot known;
static uint8_t *window;
static uint64_t left_out;   /* a bit a kind of attack, from bit NR_KINDS on a bit a part */

struct part {
	uint64_t *at;
	uint64_t words;
};

static struct part window_part(uint64_t first, uint64_t end)
{
	return (struct part){ (uint64_t *)(window + first), WORDS(end - first) };
}

static struct part part_any(void)
{
	uint64_t nr = noise() % NR_PARTS;

	if (left_out >> (NR_KINDS + nr) & 1)
		return (struct part){ NULL, 0 };
	switch (nr) {
	case 0: return (struct part){ private_at(known.log_ipa), WORDS(known.log_size) };
	case 1: return (struct part){ private_at(known.log_ipa), WORDS(sizeof(struct isle_log)) };
	case 2: return (struct part){ private_at(known.counters_ipa), WORDS(sizeof(struct isle_counters)) };
	case 3: return (struct part){ private_at(known.granules_ipa), WORDS(known.mem_size / ISLE_GRANULE_SIZE) };
	case 4: return (struct part){ private_at(known.cpus_ipa), WORDS(known.nr_cpus * sizeof(struct isle_cpu)) };
	case 5: return window_part(0, ISLE_WINDOW_SLOTS);
	case 6: return window_part(ISLE_WINDOW_MIRROR, ISLE_WINDOW_EXEC);
	default: return window_part(ISLE_WINDOW_EXEC, known.window_size);
	}
}

/* Mostly the first words: there are heads, tails and sizes. */
static void part_spoil(void)
{
	struct part part = part_any();
	uint64_t n = 1 + noise() % 16, most = noise() % 2 && part.words > 64 ? 64 : part.words;

	while (n-- && most)
		noise_spoil(part.at + noise() % most);
}

/* A page of it is noise at once. */
static void part_flood(void)
{
	struct part part = part_any();
	uint64_t n = part.words < 512 ? part.words : 512, first = noise() % (part.words - n + 1), i;

	for (i = 0; i < n; i++)
		((volatile uint64_t *)part.at)[first + i] = noise();
}

/* A call that harms nobody, with arguments and a sequence that may be anything. */
static void slot_submit(void)
{
	static const uint32_t harmless[] = {
		8 /* lseek */, 110 /* getppid */, 72 /* fcntl */, 5 /* fstat */, 0 /* read */, 1 /* write */,
		3 /* close */,
	};
	struct isle_slot *slot = (struct isle_slot *)(window + ISLE_WINDOW_SLOTS) +
				 (noise() % 4 ? noise() % 8 : noise() % ISLE_MAX_SLOTS);
	uint64_t i;

	for (i = 1; i < 6; i++)
		noise_spoil(&slot->arg[i]);
	slot->arg[0] = BAD_FD;
	slot->nr = noise() % 4 ? harmless[noise() % (sizeof(harmless) / sizeof(harmless[0]))] :
		   (uint32_t)noise() | 1u << 30;
	slot->tid = noise() % 4 ? (uint32_t)noise() % 64 : (uint32_t)noise();
	slot->row = (uint32_t)noise();
	slot->asleep = (uint32_t)noise() % 3;
	slot->cancel = slot->submit + (uint32_t)noise() % 3;
	__atomic_store_n(&slot->submit, noise() % 4 ? slot->done + 1 : (uint32_t)noise(), __ATOMIC_RELEASE);
}

/* What the proxy writes is believed by nobody but the isle. */
static void slot_answers_spoil(void)
{
	struct isle_slot *slot = (struct isle_slot *)(window + ISLE_WINDOW_SLOTS) + noise() % 8;

	slot->done = (uint32_t)noise();
	slot->armed = (uint32_t)noise() % 4;
	noise_spoil((uint64_t *)&slot->calls);
	noise_spoil(&slot->copied);
}

static void boot_spoil(void)
{
	uint64_t *word = (uint64_t *)boot;
	uint64_t i = noise() % WORDS(offsetof(struct isle_boot, bell));

	if (noise() % 2)
		noise_spoil(word + i);
	else
		memcpy(boot, &known, offsetof(struct isle_boot, bell));
	if (noise() % 32 == 0)
		__atomic_store_n(&boot->state, (uint32_t)(noise() % (ISLE_STATE_PANICKED + 2)), __ATOMIC_RELAXED);
	boot->exit_code = (int32_t)(noise() % 64 << 8);
	boot->cpus_up = (uint32_t)noise();
	boot->panic_cpu = (uint32_t)noise();
}

static void pins_spoil(void)
{
	uint64_t *table = private_at(known.pins_ipa);

	if (known.pins_ipa)
		noise_spoil(table + noise() % WORDS(sizeof(struct isle_pins)));
}

static void machine_touch(void)
{
	uint64_t n = known.platform == ISLE_PLAT_UHYVE ? 1 + noise() % 4 : 0;

	/* QEMU's devices are QEMU's business. */
	while (n--) {
		harm_port((uint16_t)noise(), noise());
		harm_address(noise(), noise());
	}
}

void inject_hostile(void)
{
	static void (*const kinds[NR_KINDS])(void) = {
		part_spoil, part_spoil, part_flood, slot_submit, slot_submit, slot_submit, slot_answers_spoil,
		boot_spoil, pins_spoil, machine_touch,
	};
	uint32_t i, kind;

	if (boot->platform == ISLE_PLAT_MULTI) {
		log_warn("inject: a bare core is not hostile to the machine");
		return;
	}
	known = *boot;
	window = window_at(0);
	left_out = noise();
	for (i = 0; i < ROUNDS; i++) {
		kind = (uint32_t)(noise() % NR_KINDS);
		if (!(left_out >> kind & 1))
			kinds[kind]();
		if (noise() % 4 == 0)
			bell_ring(noise());
		irq_window();
	}
	/* What the kernel itself goes by, so that it comes to its end. */
	memcpy(boot, &known, offsetof(struct isle_boot, bell));
}
