/* SPDX-License-Identifier: MIT */
/*
 * boot.h - the boot page, as the kernel sees it: constant facts about the isle, and the words
 * shared with Linux.
 */
#ifndef KERN_BOOT_H
#define KERN_BOOT_H

#include <stdint.h>

#include <isle/boot.h>

/* The boot page. Set before anything else runs. */
extern struct isle_boot *boot;

/* Address of a part of the private area. */
void *private_at(isle_ipa_t ipa);

/* Address of a place in the window. */
void *window_at(uint64_t offset);

/* Row of the CPU table. */
struct isle_cpu *boot_cpu(uint32_t row);

/* Numbers the CPUs by their rows from now on, before anybody has asked: rows are by ascending numbers of Linux's. */
void boot_cpus_renumber(void);

/*
 * Takes the boot page over: checks that its tables lie in the private area. Returns NULL, or what
 * is wrong.
 */
const char *boot_adopt(struct isle_boot *page);

/*
 * Takes zeroed pages from the early area, in one piece; NULL when it is used up. Any core, any
 * time.
 */
void *early_alloc(uint32_t pages);

/* Moves the state forward (release: what was written before is seen by who sees the state). */
void boot_state_set(uint32_t state);

/* Sets reasons (ISLE_BELL_*) and rings Linux. */
void bell_ring(uint64_t reasons);

#endif
