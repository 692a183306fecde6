/* SPDX-License-Identifier: MIT */
/*
 * enter.h - how a core comes into the kernel, and how it leaves for good.
 */
#ifndef ARCH_ENTER_H
#define ARCH_ENTER_H

#include <stdint.h>

#include <isle/boot.h>

struct cpu;

/*
 * First C function of a core, on its own stack; called by entry.S with the tables of its loader or
 * the kernel's.
 */
__attribute__((noreturn))
void cpu_start(struct cpu *cpu, struct isle_boot *page, uint32_t row, uint64_t tsc);

/* Makes a block for a core other than row 0: stacks, guard pages. NULL for want of memory. */
struct cpu *cpu_block_make(uint32_t row);

/* Leaves the processor as the next owner may find it; interrupts stay off. */
void cpu_quiesce(void);

/* Jumps to the park entry with its argument, NMIs no longer blocked. */
__attribute__((noreturn))
void park_jump(uint64_t entry, uint64_t mailbox);

/*
 * The stacks for double faults, NMIs, machine checks and debug exceptions; where number i begins.
 */
#define NR_FAULT_STACKS   4u
#define FAULT_STACK_SIZE  0x2000u
uint64_t cpu_fault_stack(const struct cpu *cpu, uint32_t i);

/* Bounds of the address range that may hold a stack of this core. */
void cpu_stack_bounds(const struct cpu *cpu, uint64_t *low, uint64_t *high);

#endif
