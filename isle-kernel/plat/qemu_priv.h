/* SPDX-License-Identifier: MIT */
/*
 * qemu_priv.h - what the files of the platform QEMU share.
 */
#ifndef PLAT_QEMU_PRIV_H
#define PLAT_QEMU_PRIV_H

#include <stdint.h>

/* Writes text to the serial port; needs nothing but the port. */
void uart_write(const char *text, uint32_t size);

/* Puts the trampoline into low memory. */
void qemu_cpus_prepare(uint64_t boot_page);

/* Starts the other cores by INIT and start-up IPIs through a trampoline below 1 MiB. */
void qemu_cpus_start(void);

#endif
