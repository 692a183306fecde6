/* SPDX-License-Identifier: MIT */
/*
 * arch_priv.h - what the files of arch/x86_64 share among themselves.
 */
#ifndef ARCH_PRIV_H
#define ARCH_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include <arch/layout.h>
#include <kern/boot.h>

struct cpu;
struct trap_frame;

/* Exceptions: Intel SDM vol. 3, table 6-1. */
enum {
	VECTOR_DIVIDE = 0, VECTOR_DEBUG = 1, VECTOR_NMI = 2, VECTOR_BREAKPOINT = 3,
	VECTOR_OVERFLOW = 4, VECTOR_BOUND = 5, VECTOR_OPCODE = 6, VECTOR_DOUBLE_FAULT = 8,
	VECTOR_SEGMENT = 11, VECTOR_STACK = 12, VECTOR_PROTECTION = 13, VECTOR_PAGE_FAULT = 14,
	VECTOR_X87 = 16, VECTOR_ALIGNMENT = 17, VECTOR_MACHINE_CHECK = 18, VECTOR_SIMD = 19,
	VECTOR_FIRST_INTERRUPT = 32,
};

/* Bits of a page fault's error code. */
#define PF_PRESENT      (1u << 0)
#define PF_WRITE        (1u << 1)
#define PF_INSTRUCTION  (1u << 4)

/* True for vectors that come on a stack of their own even from ring 3 (vectors.S). */
static inline bool trap_has_stack(uint32_t vector)
{
	return vector == VECTOR_NMI || vector == VECTOR_DOUBLE_FAULT ||
	       vector == VECTOR_MACHINE_CHECK;
}

/* trap_user.c: an exception of the program; the page for an access to be made present, or why not. */
void user_exception(struct trap_frame *frame, uint64_t addr);
int page_fault_fill(uint64_t addr, uint64_t error);

/* context.S: where SYSCALL arrives. */
extern const char syscall_entry[];

/* Row 0's block. */
extern uint8_t cpu_block0[BLOCK_SIZE];

/* Linker script. */
extern uint8_t kernel_text_start[], kernel_text_end[], kernel_rodata_start[], kernel_data_start[];
extern uint8_t kernel_end[];

/* What programs learn by RDTSCP, RDPID or LSL, as on Linux: its number of the CPU, and the node above. */
uint32_t cpu_number(const struct cpu *cpu);

/* Fills and loads this core's descriptor tables and GS. Nothing before it may fault. */
void desc_load(struct cpu *cpu);

#endif
