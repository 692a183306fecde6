// SPDX-License-Identifier: MIT
/*
 * qemu_adopt.c - takes over the boot page that the proxy has made, when QEMU is started by it.
 *
 * Runs where qemu_boot.c runs: before the kernel proper, with the tables of pvh.S. The proxy is the loader and
 * is believed as such, but QEMU's options could be others than it thinks: so what the two must agree on
 * is compared.
 */
#include "qemu_priv.h"

#include <arch/cpu.h>
#include <isle/boot.h>
#include <isle/qemu.h>
#include <kern/params.h>
#include <kern/time.h>

/* At the least: other programs on Linux's CPUs may keep the proxy waiting for long. */
#define CLOCK_TICKS  20000000000ull

static const char *extents_check(const struct isle_extent *list, uint32_t nr, const struct start_info *info)
{
	const struct memmap_entry *map = (const struct memmap_entry *)info->memmap;
	uint32_t i, k;

	for (i = 0; i < nr; i++) {
		for (k = 0; k < info->memmap_entries; k++)
			if (map[k].type == MEMMAP_RAM && list[i].hpa >= map[k].addr &&
			    list[i].hpa - map[k].addr <= map[k].size &&
			    list[i].size <= map[k].size - (list[i].hpa - map[k].addr))
				break;
		if (k == info->memmap_entries)
			return "the machine has no memory where the proxy put the isle's";
	}
	return NULL;
}

/* Asks the proxy what time it is. On the way its answer took half of what all took. */
static const char *clock_take(struct isle_boot *page)
{
	uint64_t asked = tsc_read(), now = asked;

	page->entry_tsc = asked;
	qemu_bell_send(ISLE_QEMU_BYTE_CLOCK);
	/* Acquire: with the route the time is complete. */
	while (__atomic_load_n(&page->route, __ATOMIC_ACQUIRE) == ISLE_ROUTE_NONE) {
		cpu_relax();
		now = tsc_read();
		if (now - asked > CLOCK_TICKS)
			return "the proxy does not tell the time";
	}
	page->tsc_base += (now - asked) / 2;
	return NULL;
}

static void ignore(const char *what, const char *word, int length)
{
	(void)what;
	(void)word;
	(void)length;
}

const char *qemu_adopt(struct isle_boot *page, const uint8_t *private, const struct start_info *info)
{
	struct params asked;
	const char *why;

	if (page->magic != ISLE_BOOT_MAGIC || page->revision != ISLE_ABI_REVISION ||
	    page->platform != ISLE_PLAT_QEMU || page->private_size > ISLE_QEMU_HOLE ||
	    page->extents_ipa >= page->private_size || page->cmdline_ipa >= page->private_size)
		return "there is no boot page where the command line says";
	why = extents_check((const struct isle_extent *)(private + page->extents_ipa), page->nr_extents, info);
	if (!why)
		why = clock_take(page);
	if (why)
		return why;
	params_parse(&asked, (const char *)private + page->cmdline_ipa, ignore);
	if (asked.tsc_khz)
		page->tsc_khz = asked.tsc_khz;
	return NULL;
}
