// SPDX-License-Identifier: MIT
/*
 * qemu_boot.c - plays the loader when QEMU starts the image: makes the boot page and its tables
 * from PVH's start info.
 *
 * Runs before the kernel proper, with the tables of pvh.S: the first GiB is mapped where it is, the
 * image at ISLE_KBASE. If a proxy has made the boot page it is only taken over (qemu_adopt.c).
 */
#include <plat/plat.h>

#include "qemu_priv.h"

#include <arch/layout.h>
#include <arch/mmu.h>
#include <arch/regs.h>
#include <isle/counters.h>
#include <isle/image.h>
#include <isle/ioctl.h>
#include <isle/log.h>
#include <isle/window.h>
#include <kern/image.h>
#include <kern/params.h>
#include <kern/string.h>

#define START_MAGIC      0x336ec578u
#define LOG_DATA         (256u << 10)
#define GRANULE_MASK     (ISLE_GRANULE_SIZE - 1)
#define MAX_EXTENTS      8u

extern uint8_t kernel_text_start[], kernel_end[];

/* Room in the private area is handed out from the image's end upwards. */
static isle_ipa_t next_ipa;

static isle_ipa_t part_take(uint64_t size)
{
	isle_ipa_t ipa = next_ipa;

	next_ipa += (size + ISLE_PAGE_SIZE - 1) & ~(ISLE_PAGE_SIZE - 1);
	return ipa;
}

static void *part_at(isle_ipa_t ipa)
{
	return kernel_text_start + ipa;
}

__attribute__((noreturn))
static void refuse(const char *why)
{
	uart_write("boot: ", 6);
	uart_write(why, (uint32_t)strlen(why));
	uart_write("\r\n", 2);
	for (;;)
		__asm__ volatile("cli; hlt");
}

/* RAM from the image up, in whole granules. */
static uint32_t extents_find(const struct start_info *info, struct isle_extent *list)
{
	const struct memmap_entry *map = (const struct memmap_entry *)info->memmap;
	isle_ipa_t ipa = 0;
	uint32_t i, nr = 0;

	for (i = 0; i < info->memmap_entries && nr < MAX_EXTENTS; i++) {
		uint64_t start = (map[i].addr + GRANULE_MASK) & ~GRANULE_MASK;
		uint64_t end = (map[i].addr + map[i].size) & ~GRANULE_MASK;

		if (start < PVH_LOAD_ADDR)
			start = PVH_LOAD_ADDR;
		if (map[i].type != MEMMAP_RAM || start >= end ||
		    (nr == 0 && start != PVH_LOAD_ADDR))
			continue;
		list[nr++] = (struct isle_extent){ .hpa = start, .ipa = ipa, .size = end - start };
		ipa += end - start;
	}
	return nr;
}

/* kHz of the TSC by CPUID 0x15 or 0x16 (Intel SDM vol. 2), or 0. */
static uint64_t tsc_khz_find(void)
{
	uint32_t max = cpuid_read(0, 0).eax;

	if (max >= 0x15) {
		struct cpuid id = cpuid_read(0x15, 0);

		if (id.eax && id.ebx && id.ecx)
			return (uint64_t)id.ecx * id.ebx / id.eax / 1000;
	}
	if (max >= 0x16)
		return (uint64_t)(cpuid_read(0x16, 0).eax & 0xffff) * 1000;
	return 0;
}

static void cpus_fill(struct isle_boot *page)
{
	struct isle_cpu *cpus = part_at(page->cpus_ipa);
	uint32_t i, self = cpuid_read(1, 0).ebx >> 24;

	for (i = 0; i < page->nr_cpus; i++) {
		cpus[i].apic_id = self + i;
		cpus[i].linux_cpu = i;
		cpus[i].core = i;
	}
}

static void ignore(const char *what, const char *word, int length)
{
	(void)what;
	(void)word;
	(void)length;
}

static void parts_place(struct isle_boot *page)
{
	page->cpus_ipa = part_take(page->nr_cpus * sizeof(struct isle_cpu));
	page->extents_ipa = part_take(MAX_EXTENTS * sizeof(struct isle_extent));
	page->granules_ipa = part_take(page->mem_size / ISLE_GRANULE_SIZE);
	page->cmdline_ipa = part_take(ISLE_CMDLINE_MAX);
	page->counters_ipa = part_take(page->nr_cpus * sizeof(struct isle_counters));
	page->log_size = sizeof(struct isle_log) + LOG_DATA;
	page->log_ipa = part_take(page->log_size);
	page->early_ipa = part_take(IMAGE_EARLY_SIZE);
	page->private_size = (next_ipa + GRANULE_MASK) & ~GRANULE_MASK;
	page->window_ipa = page->private_size;
	page->window_size = ISLE_WINDOW_SIZE;
}

static void parts_fill(struct isle_boot *page, const struct isle_extent *list, const char *cmdline)
{
	struct isle_log *log = part_at(page->log_ipa);
	size_t size = strnlen(cmdline, ISLE_CMDLINE_MAX - 1);

	page_zero(part_at(page->cpus_ipa), page->private_size - page->cpus_ipa);
	page_zero((void *)(page->window_ipa + PVH_LOAD_ADDR), page->window_size);
	cpus_fill(page);
	memcpy(part_at(page->extents_ipa), list, page->nr_extents * sizeof(*list));
	memcpy(part_at(page->cmdline_ipa), cmdline, size);
	log->magic = ISLE_LOG_MAGIC;
	log->data_size = LOG_DATA;
}

/* The proxy's boot page. */
static struct isle_boot *page_adopt(const struct start_info *info, isle_ipa_t ipa)
{
	struct isle_boot *page = part_at(ipa);
	const char *why;

	if (ipa % ISLE_PAGE_SIZE || ipa < (uint64_t)(kernel_end - kernel_text_start) || ipa > ISLE_IMAGE_MAX)
		refuse("the command line names an impossible boot page");
	why = qemu_adopt(page, kernel_text_start, info);
	if (why)
		refuse(why);
	return page;
}

/* A boot page of our own, for an isle kernel that is alone. */
static struct isle_boot *page_make(const struct start_info *info, const char *cmdline, const struct params *early)
{
	struct isle_extent list[MAX_EXTENTS];
	struct isle_boot *page;
	uint32_t i;

	next_ipa = (uint64_t)(kernel_end - kernel_text_start);
	page = part_at(part_take(sizeof(*page)));
	page_zero(page, ISLE_PAGE_SIZE);
	page->magic = ISLE_BOOT_MAGIC;
	page->revision = ISLE_ABI_REVISION;
	page->platform = ISLE_PLAT_QEMU;
	page->boot_ipa = (uint64_t)((uint8_t *)page - kernel_text_start);
	page->nr_cpus = (uint32_t)early->cpus;
	page->tsc_khz = early->tsc_khz ? early->tsc_khz : tsc_khz_find();
	page->nr_extents = extents_find(info, list);
	for (i = 0; i < page->nr_extents; i++)
		page->mem_size += list[i].size;
	parts_place(page);
	if (!page->nr_extents ||
	    list[0].size < page->private_size + page->window_size + ISLE_GRANULE_SIZE)
		refuse("too little memory: -m 64 is enough");
	parts_fill(page, list, cmdline);
	return page;
}

struct isle_boot *qemu_boot_make(uint64_t start_info)
{
	const struct start_info *info = (const struct start_info *)start_info;
	const char *cmdline = info->cmdline ? (const char *)info->cmdline : "";
	struct isle_boot *page;
	struct params early;

	if (info->magic != START_MAGIC || info->version < 1)
		refuse("no PVH start info with a memory map");
	params_parse(&early, cmdline, ignore);
	page = early.boot ? page_adopt(info, early.boot) : page_make(info, cmdline, &early);
	qemu_cpus_prepare((uint64_t)(uintptr_t)page);
	return page;
}
