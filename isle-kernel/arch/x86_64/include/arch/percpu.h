/* SPDX-License-Identifier: MIT */
/*
 * percpu.h - a core's own block, found through GS, and the part of it that only the architecture
 * knows.
 */
#ifndef ARCH_PERCPU_H
#define ARCH_PERCPU_H

#include <stdint.h>

#include <arch/layout.h>
#include <arch/thread_layout.h>

struct cpu;
struct thread;

/* Intel SDM vol. 3, 8.7, "64-bit TSS". */
struct arch_tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t iomap;
} __attribute__((packed));

struct arch_cpu {
	uint64_t gdt[GDT_SIZE / 8] __attribute__((aligned(16)));
	struct arch_tss tss __attribute__((aligned(16)));
	/* ring3.c */
	struct ring3_regs *ring3_regs;
	uint64_t ring3_sp;
};

static inline struct cpu *this_cpu(void)
{
	struct cpu *cpu;

	__asm__ volatile("movq %%gs:0, %0" : "=r"(cpu));
	return cpu;
}

/* this_cpu()->current in one access. */
static inline struct thread *this_cpu_thread(void)
{
	struct thread *thread;

	__asm__ volatile("movq %%gs:%c1, %0" : "=r"(thread) : "i"(CPU_CURRENT));
	return thread;
}

static inline void percpu_add(uint64_t *counter, uint64_t n)
{
	__asm__ volatile("addq %1, %0" : "+m"(*counter) : "er"(n) : "cc");
}

#endif
