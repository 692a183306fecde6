/* SPDX-License-Identifier: MIT */
/*
 * qemu_priv.h - what the files of the platform QEMU share.
 */
#ifndef PLAT_QEMU_PRIV_H
#define PLAT_QEMU_PRIV_H

#include <stdint.h>

struct cpu;
struct isle_boot;

/* What PVH hands over. Layout: Xen, include/public/arch-x86/hvm/start_info.h. */
struct start_info {
	uint32_t magic, version, flags, nr_modules;
	uint64_t modules, cmdline, rsdp, memmap;
	uint32_t memmap_entries, reserved;
};

struct memmap_entry {
	uint64_t addr, size;
	uint32_t type, reserved;
};

#define MEMMAP_RAM  1u

/* Writes text to the serial port; needs nothing but the port. */
void uart_write(const char *text, uint32_t size);

/* Puts the trampoline into low memory. */
void qemu_cpus_prepare(uint64_t boot_page);

/* Starts the other cores by INIT and start-up IPIs through a trampoline below 1 MiB. */
void qemu_cpus_start(void);

/* Sends one byte (ISLE_QEMU_BYTE_*) to the proxy; needs nothing but the port. */
void qemu_bell_send(uint8_t byte);

/*
 * Takes over the proxy's boot page and asks it for the time. private: where ipa 0 is mapped. Returns NULL, or
 * what is wrong.
 */
const char *qemu_adopt(struct isle_boot *page, const uint8_t *private, const struct start_info *info);

/* plat.park: QEMU ends when the last core leaves, and when one has panicked. */
__attribute__((noreturn))
void qemu_park(struct cpu *cpu);

#endif
