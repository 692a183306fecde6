// SPDX-License-Identifier: MIT
/*
 * qemu_smp.c - starts the other cores of a machine that is all ours.
 *
 * The trampoline (sipi.S) is put into low memory while the boot tables still map it.
 */
#include "qemu_priv.h"

#include <arch/lapic.h>
#include <arch/layout.h>
#include <kern/boot.h>
#include <kern/string.h>

extern const uint8_t sipi_start[], sipi_end[], sipi_page[];

void qemu_cpus_prepare(uint64_t boot_page)
{
	uint8_t *low = (uint8_t *)SIPI_ADDR;

	memcpy(low, sipi_start, (size_t)(sipi_end - sipi_start));
	memcpy(low + (sipi_page - sipi_start), &boot_page, sizeof(boot_page));
}

void qemu_cpus_start(void)
{
	uint32_t row;

	for (row = 1; row < boot->nr_cpus; row++)
		lapic_start_core(boot_cpu(row)->apic_id, SIPI_ADDR / ISLE_PAGE_SIZE);
}
