// SPDX-License-Identifier: MIT
/*
 * boot.c - the boot page: checked once, then believed where the loader wrote, and where Linux
 * writes read once each time.
 */
#include <kern/boot.h>

#include <stdbool.h>
#include <stddef.h>

#include <arch/mmu.h>
#include <isle/counters.h>
#include <kern/extent.h>
#include <plat/plat.h>

struct isle_boot *boot;

static isle_ipa_t early_next;

void *private_at(isle_ipa_t ipa)
{
	return (void *)(uintptr_t)(PRIVATE_BASE + ipa);
}

void *window_at(uint64_t offset)
{
	/* The window lies in extent 0, behind the private area, which alone has a mapping of its own. */
	return (uint8_t *)hpa_to_va(extents.list[0].hpa + boot->window_ipa) + offset;
}

struct isle_cpu *boot_cpu(uint32_t row)
{
	return (struct isle_cpu *)private_at(boot->cpus_ipa) + row;
}

void boot_cpus_renumber(void)
{
	uint32_t row;

	for (row = 0; row < boot->nr_cpus; row++)
		boot_cpu(row)->linux_cpu = row;
}

static bool is_private(const struct isle_boot *page, isle_ipa_t ipa, uint64_t size)
{
	return ipa <= page->private_size && size <= page->private_size - ipa;
}

static bool tables_private(const struct isle_boot *page)
{
	return is_private(page, page->cpus_ipa, page->nr_cpus * sizeof(struct isle_cpu)) &&
	       is_private(page, page->extents_ipa, page->nr_extents * sizeof(struct isle_extent)) &&
	       is_private(page, page->granules_ipa, page->mem_size / ISLE_GRANULE_SIZE) &&
	       is_private(page, page->cmdline_ipa, 1) &&
	       is_private(page, page->counters_ipa, page->nr_cpus * sizeof(struct isle_counters)) &&
	       is_private(page, page->log_ipa, page->log_size) &&
	       is_private(page, page->early_ipa, 0);
}

const char *boot_adopt(struct isle_boot *page)
{
	boot = page;
	early_next = (page->early_ipa + ISLE_PAGE_SIZE - 1) & ~(ISLE_PAGE_SIZE - 1);
	if (page->magic != ISLE_BOOT_MAGIC)
		return "the boot page has no magic word";
	if (page->revision != ISLE_ABI_REVISION)
		return "the boot page is of another ABI revision";
	if (!page->nr_cpus || page->nr_cpus > ISLE_MAX_CPUS)
		return "the number of CPUs is wrong";
	if (!page->nr_extents || page->nr_extents > ISLE_MAX_EXTENTS)
		return "the number of extents is wrong";
	if (page->private_size % ISLE_GRANULE_SIZE || page->window_ipa != page->private_size ||
	    page->window_size % ISLE_GRANULE_SIZE || page->window_size > page->mem_size ||
	    page->private_size > page->mem_size - page->window_size)
		return "private area and window do not fit";
	if (!tables_private(page))
		return "a table of the boot page lies outside the private area";
	return NULL;
}

void *early_alloc(uint32_t pages)
{
	uint64_t size = pages * ISLE_PAGE_SIZE;
	isle_ipa_t ipa = __atomic_load_n(&early_next, __ATOMIC_RELAXED);

	do {
		if (size > boot->private_size - ipa)
			return NULL;
	} while (!__atomic_compare_exchange_n(&early_next, &ipa, ipa + size, true, __ATOMIC_RELAXED,
					      __ATOMIC_RELAXED));
	return private_at(ipa);
}

void boot_state_set(uint32_t state)
{
	__atomic_store_n(&boot->state, state, __ATOMIC_RELEASE);
}

void bell_ring(uint64_t reasons)
{
	__atomic_fetch_or(&boot->bell, reasons, __ATOMIC_SEQ_CST);
	plat->ring();
}
