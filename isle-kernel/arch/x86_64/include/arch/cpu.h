/* SPDX-License-Identifier: MIT */
/*
 * cpu.h - instructions of a core that generic code needs, and its features.
 */
#ifndef ARCH_CPU_H
#define ARCH_CPU_H

#include <stdbool.h>
#include <stdint.h>

/* What all cores of the isle have. Filled by cpu_features_read. */
struct cpu_features {
	bool x2apic_mode;  /* the local APIC is used through MSRs */
	bool gib_pages;
	bool rdtscp;
	bool global_pages;
	bool smep, smap;
	bool fsgsbase;
	bool xsave;
	bool mwait;
	bool tsc_deadline; /* the timer takes a moment of the TSC */
	uint32_t hwcap;    /* EDX of CPUID leaf 1: AT_HWCAP */
	char name[49];
};

extern struct cpu_features cpu_features;

/* boot_flags: of the boot page. */
void cpu_features_read(uint32_t boot_flags);

/*
 * Brings control registers and MSRs of this core into the kernel's state, whatever the last owner
 * left.
 */
void cpu_setup(void);

static inline uint64_t tsc_read(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

static inline void cpu_relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

static inline void irq_enable(void)
{
	__asm__ volatile("sti" ::: "memory");
}

static inline void irq_disable(void)
{
	__asm__ volatile("cli" ::: "memory");
}

static inline bool irq_enabled(void)
{
	uint64_t flags;

	__asm__ volatile("pushfq; popq %0" : "=r"(flags));
	return flags & 0x200;
}

/* Lets pending interrupts in, once. Called with interrupts off. */
static inline void irq_window(void)
{
	__asm__ volatile("sti; nop; cli" ::: "memory");
}

/*
 * Sleeps until an interrupt; returns with interrupts off. None is missed: STI takes effect behind
 * HLT's start.
 */
static inline void irq_wait(void)
{
	__asm__ volatile("sti; hlt; cli" ::: "memory");
}

/* This core never does anything again. */
__attribute__((noreturn)) static inline void cpu_halt(void)
{
	for (;;)
		__asm__ volatile("cli; hlt" ::: "memory");
}

#endif
