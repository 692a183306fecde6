/* SPDX-License-Identifier: MIT */
/*
 * plat.h - what differs between platforms, as one table of operations.
 */
#ifndef PLAT_PLAT_H
#define PLAT_PLAT_H

#include <stdint.h>

#include <isle/boot.h>

struct cpu;

struct plat {
	const char *name;
	/* Interrupts Linux, if it listens. The reasons are in boot->bell. */
	void (*ring)(void);
	/* An interrupt ISLE_VECTOR_DOORBELL has come: what the platform must do about it, or NULL. */
	void (*rung)(void);
	/* Row 0 can take interrupts: what the platform needs for its own, or NULL. */
	void (*open)(void);
	/* A record was published in the log ring. */
	void (*log_written)(void);
	/* The state is BOOTING_CPUS: starts the other cores, if the loader does not. */
	void (*cpus_start)(void);
	/* Takes this core away for good; its state is written. */
	void (*park)(struct cpu *cpu) __attribute__((noreturn));
};

/* The platform of this boot. */
extern const struct plat *plat;

extern const struct plat plat_multi;
extern const struct plat plat_uhyve;
extern const struct plat plat_qemu;       /* started by a proxy */
extern const struct plat plat_qemu_alone; /* there is no Linux */

/* Chooses by the boot page. Returns NULL, or what is wrong. */
const char *plat_init(const struct isle_boot *page);

/* Hands this core back: quiets it, writes its last state (ISLE_CPU_*), and leaves. */
__attribute__((noreturn))
void plat_park(uint32_t state);

/*
 * Where to put parts that qemu_boot.c makes: called by pvh.S. Returns the address of the boot page.
 */
struct isle_boot *qemu_boot_make(uint64_t start_info);

#endif
