// SPDX-License-Identifier: MIT
/*
 * main.c - the boot order, one line a step, and what the command line asks for.
 *
 * Everything up to smp_start runs on row 0 alone. The log comes first, so that all else can speak.
 */
#include <kern/main.h>

#include <arch/context.h>
#include <arch/cpu.h>
#include <arch/lapic.h>
#include <arch/mmu.h>
#include <kern/boot.h>
#include <kern/chan.h>
#include <kern/cpu.h>
#include <kern/extent.h>
#include <kern/frame.h>
#include <kern/inject.h>
#include <kern/ipi.h>
#include <kern/kmalloc.h>
#include <kern/log.h>
#include <kern/panic.h>
#include <kern/params.h>
#include <kern/process.h>
#include <kern/sched.h>
#include <kern/selftest.h>
#include <kern/smp.h>
#include <kern/stop.h>
#include <kern/time.h>
#include <plat/plat.h>

#include <isle/window.h>

static void params_bad(const char *what, const char *word, int length)
{
	log_warn("boot: %s \"%.*s\" is ignored", what, length, word);
}

/* Until the log works nothing can be said: a wrong boot page stops the core. */
static void log_open(struct isle_boot *page, uint64_t tsc)
{
	const char *wrong = boot_adopt(page);
	const char *why = plat_init(page);

	time_init(page->tsc_khz, tsc);
	page->entry_tsc = tsc;
	if (why || log_init(private_at(page->log_ipa), page->log_size))
		cpu_halt();
	boot_state_set(ISLE_STATE_BOOTING);
	log_info("isle %u: platform %s, %u cores, %lu MiB, ABI revision %u", page->isle_id,
		 plat->name, page->nr_cpus, (unsigned long)(page->mem_size >> 20),
		 ISLE_ABI_REVISION);
	if (wrong)
		panic("boot: %s", wrong);
}

static void memory_open(void)
{
	const struct isle_extent *list = private_at(boot->extents_ipa);
	const char *why = extents_init(list, boot->nr_extents, boot->mem_size);

	if (why)
		panic("boot: %s", why);
	frame_init(private_at(boot->granules_ipa), boot, params.poison);
	kmalloc_init(params.poison);
	mmu_init();
}

/* The proxy may look at the window from now on: the magic word comes last. */
static void window_open(void)
{
	struct isle_window *window = window_at(0);

	window->revision = ISLE_ABI_REVISION;
	window->size = ISLE_WINDOW_SIZE;
	__atomic_store_n(&window->magic, ISLE_WINDOW_MAGIC, __ATOMIC_RELEASE);
}

static void up_report(void)
{
	struct frame_stats stats = frame_stats(ISLE_MAX_NODES);

	log_info("boot: first line after %lu ticks of the TSC, up after %lu",
		 (unsigned long)(boot->first_log_tsc - boot->entry_tsc),
		 (unsigned long)(boot->up_tsc - boot->entry_tsc));
	log_info("up: %u cores, %lu of %lu MiB free in %u extents, %s, %s", boot->cpus_up,
		 (unsigned long)(stats.free >> 8), (unsigned long)(stats.frames >> 8), boot->nr_extents,
		 cpu_features.name[0] ? cpu_features.name : "unnamed",
		 cpu_features.x2apic_mode ? "x2APIC" : "xAPIC");
}

static void up_set(void)
{
	boot->up_tsc = tsc_read();
	boot_state_set(ISLE_STATE_UP);
	bell_ring(ISLE_BELL_STATE);
}

/* What only an isle with a program needs; the others are up sooner without it. */
static void program_prepare(void)
{
	context_setup();
	context_setup_cpu();
	chan_init();
}

void isle_main(struct isle_boot *page, uint64_t tsc)
{
	uint32_t failed = 0;

	log_open(page, tsc);
	params_parse(&params, private_at(page->cmdline_ipa), params_bad);
	log_level_set((uint32_t)params.loglevel);
	if (params.renumber)
		boot_cpus_renumber();
	memory_open();
	window_open();
	lapic_map();
	lapic_setup();
	if (plat->open)
		plat->open();
	inject(INJECT_BOOT);
	if (process_wanted())
		program_prepare();
	sched_init_cpu();
	smp_start();
	up_set();
	up_report();
	inject(INJECT_UP);
	if (params.selftest)
		failed = selftest_run();
	if (params.stop)
		isle_stop((failed ? 1 : (int32_t)params.exit) << 8);
	/* No program is no failure: the isle idles until it is told to stop. */
	if (process_start() < 0 && process_wanted())
		isle_stop(125 << 8);
	sched_loop();
}
