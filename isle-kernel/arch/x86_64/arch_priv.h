/* SPDX-License-Identifier: MIT */
/*
 * arch_priv.h - what the files of arch/x86_64 share among themselves.
 */
#ifndef ARCH_PRIV_H
#define ARCH_PRIV_H

#include <stdint.h>

#include <arch/layout.h>
#include <kern/boot.h>

struct cpu;

/* Row 0's block. */
extern uint8_t cpu_block0[BLOCK_SIZE];

/* Linker script. */
extern uint8_t kernel_text_start[], kernel_text_end[], kernel_rodata_start[], kernel_data_start[];
extern uint8_t kernel_end[];

/* Fills and loads this core's descriptor tables and GS. Nothing before it may fault. */
void desc_load(struct cpu *cpu);

#endif
