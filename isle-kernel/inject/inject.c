// SPDX-License-Identifier: MIT
/*
 * inject.c - faults on purpose, so that tests can see that nobody else notices.
 *
 * One row a kind. Each harms this isle only: nothing here writes outside the isle's own memory.
 */
#include <kern/inject.h>

#include <stddef.h>

#include <arch/cpu.h>
#include <arch/harm.h>
#include <isle/counters.h>
#include <isle/log.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/ipi.h>
#include <kern/log.h>
#include <kern/panic.h>
#include <kern/params.h>
#include <kern/string.h>
#include <kern/time.h>

#include "inject_priv.h"

#define FLOOD_LINES  10000u
#define SLOW_MS      10000u
#define TAKEN_MS     1000u

static void inject_panic(void)
{
	panic("injected");
}

static void inject_nullptr(void)
{
	*(volatile uint32_t *)inject_null = 1;
}

/* Each call keeps a part of the stack and needs it afterwards; the depth is beyond any stack. */
__attribute__((noinline))
static uint64_t recurse(uint64_t depth)
{
	volatile uint64_t here = depth;

	if (depth)
		here += recurse(depth - 1);
	return here;
}

static void inject_stackoverflow(void)
{
	log_info("inject: %lu", (unsigned long)recurse(1ull << 40));
}

static void hang(void *arg)
{
	(void)arg;
	irq_disable();
	for (;;)
		cpu_relax();
}

static void inject_hang(void)
{
	hang(NULL);
}

/* The last core hangs; the others go on. */
static void inject_hang_ap(void)
{
	struct cpuset last = { { 0 } };

	if (boot->nr_cpus == 1) {
		log_warn("inject: hang-ap needs a second core");
		return;
	}
	cpuset_add(&last, boot->nr_cpus - 1);
	ipi_post(&last, hang, NULL);
}

static void inject_spin(void)
{
	irq_enable();
	for (;;)
		cpu_relax();
}

static void inject_logflood(void)
{
	uint32_t i;

	for (i = 0; i < FLOOD_LINES; i++) {
		log_info("flood %u", i);
		irq_window();
	}
}

/* Rings, waits until Linux has taken the reason, rings again. */
static void inject_ring(void)
{
	uint64_t i;

	for (i = 0; i < params.rings; i++) {
		uint64_t end = time_deadline_ms(TAKEN_MS);

		bell_ring(ISLE_BELL_LOG);
		while (__atomic_load_n(&boot->bell, __ATOMIC_ACQUIRE) && !time_past(end)) {
			irq_window();
			cpu_relax();
		}
	}
}

static void inject_slowstop(void)
{
	uint64_t end = time_deadline_ms(SLOW_MS);

	while (!time_past(end))
		cpu_relax();
}

/* A bare core's shutdown resets the whole host. */
static void inject_triplefault(void)
{
	if (boot->platform == ISLE_PLAT_MULTI)
		log_warn("inject: a bare core is not shut down");
	else
		harm_triple_fault();
}

/* Only where nothing is behind the ports but the monitor: bare cores share them with Linux. */
static void inject_ports(void)
{
	if (boot->platform == ISLE_PLAT_UHYVE)
		harm_ports();
	else
		log_warn("inject: ports are written to on uhyve only");
}

static const struct kind {
	const char *name;
	enum inject_when when;
	void (*run)(void);
} kinds[] = {
	{ "bootpanic",     INJECT_BOOT, inject_panic },
	{ "boothang",      INJECT_BOOT, inject_hang },
	{ "panic",         INJECT_UP,   inject_panic },
	{ "nullptr",       INJECT_UP,   inject_nullptr },
	{ "stackoverflow", INJECT_UP,   inject_stackoverflow },
	{ "hang",          INJECT_UP,   inject_hang },
	{ "hang-ap",       INJECT_UP,   inject_hang_ap },
	{ "spin",          INJECT_UP,   inject_spin },
	{ "scribble",      INJECT_UP,   inject_scribble },
	{ "hostile",       INJECT_UP,   inject_hostile },
	{ "logflood",      INJECT_UP,   inject_logflood },
	{ "ring",          INJECT_UP,   inject_ring },
	{ "triplefault",   INJECT_UP,   inject_triplefault },
	{ "ports",         INJECT_UP,   inject_ports },
	{ "slowstop",      INJECT_STOP, inject_slowstop },
};

void inject(enum inject_when when)
{
	size_t i;

	if (!params.inject[0])
		return;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(params.inject, kinds[i].name))
			continue;
		if (kinds[i].when == when) {
			log_info("inject: %s", params.inject);
			kinds[i].run();
		}
		return;
	}
	if (when == INJECT_BOOT)
		log_warn("inject: unknown kind \"%s\" is ignored", params.inject);
}
