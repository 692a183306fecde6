// SPDX-License-Identifier: MIT
/*
 * desc.c - a core's descriptor tables and stacks.
 *
 * The interrupt table is one constant for all (vectors.S). GDT and TSS are each core's own: the TSS
 * holds the stacks for faults that can come when the normal one is unusable.
 */
#include "arch_priv.h"

#include <arch/enter.h>
#include <arch/mmu.h>
#include <arch/percpu.h>
#include <arch/regs.h>
#include <kern/cpu.h>
#include <kern/frame.h>
#include <vdso/data.h>

_Static_assert(BLOCK_CPU + sizeof(struct cpu) <= BLOCK_SIZE, "struct cpu outgrew its block");
_Static_assert(offsetof(struct isle_boot, nr_cpus) == BOOT_NR_CPUS, "layout.h");
_Static_assert(offsetof(struct isle_boot, cpus_ipa) == BOOT_CPUS_IPA, "layout.h");
_Static_assert(sizeof(struct isle_cpu) == BOOT_CPU_SIZE, "layout.h");
_Static_assert(NR_FAULT_STACKS == NR_IST && FAULT_STACK_SIZE == BLOCK_IST_SIZE, "layout.h");
_Static_assert((SEL_CPU | 3) == VDSO_CPU_SELECTOR, "layout.h");
_Static_assert(KERNEL_BASE == ISLE_KBASE, "layout.h");

uint8_t cpu_block0[BLOCK_SIZE] __attribute__((aligned(BLOCK_IST_SIZE), section(".bss.block")));

struct cpu *cpu_by_row[ISLE_MAX_CPUS] = { (struct cpu *)(cpu_block0 + BLOCK_CPU) };

/* Operand of LGDT and LIDT. */
struct table_pointer {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

extern const uint8_t trap_idt[4096];

static uint64_t block_of(const struct cpu *cpu)
{
	return (uint64_t)(uintptr_t)cpu - BLOCK_CPU;
}

void cpu_stack_bounds(const struct cpu *cpu, uint64_t *low, uint64_t *high)
{
	*low = block_of(cpu);
	*high = *low + BLOCK_CPU;
}

uint64_t cpu_fault_stack(const struct cpu *cpu, uint32_t i)
{
	return cpu->arch.tss.ist[i];
}

static void tss_fill(struct cpu *cpu)
{
	struct arch_tss *tss = &cpu->arch.tss;
	uint32_t i;

	tss->rsp[0] = block_of(cpu) + BLOCK_STACK_TOP;
	tss->iomap = sizeof(*tss);
	for (i = 0; i < NR_IST; i++) {
		uint64_t top = block_of(cpu) + BLOCK_IST + (i + 1) * BLOCK_IST_SIZE;

		top -= IST_TOP_RESERVED;
		*(struct cpu **)top = cpu;
		tss->ist[i] = top;
	}
}

uint32_t cpu_number(const struct cpu *cpu)
{
	return (cpu->entry->linux_cpu | cpu->node << VDSO_CPU_BITS) & 0xfffff;
}

/*
 * Intel SDM vol. 3, 3.4.5 (segments) and 8.2.3 (TSS in 64-bit mode). Accessed and busy bits are set
 * by us or the processor.
 */
static void gdt_fill(struct cpu *cpu)
{
	uint64_t tss = (uint64_t)(uintptr_t)&cpu->arch.tss;
	uint32_t limit = cpu_number(cpu);
	uint64_t *gdt = cpu->arch.gdt;

	gdt[SEL_KCODE / 8] = 0x00af9b000000ffff;
	gdt[SEL_KDATA / 8] = 0x00cf93000000ffff;
	gdt[SEL_UCODE32 / 8] = 0x00cffb000000ffff;
	gdt[SEL_UDATA / 8] = 0x00cff3000000ffff;
	gdt[SEL_UCODE / 8] = 0x00affb000000ffff;
	gdt[SEL_TSS / 8] = (sizeof(cpu->arch.tss) - 1) | (tss & 0xffffff) << 16 | 0x89ull << 40 |
			   (tss >> 24 & 0xff) << 56;
	gdt[SEL_TSS / 8 + 1] = tss >> 32;
	/* A data segment that nobody loads, of 20 bits of limit. */
	gdt[SEL_CPU / 8] = 0x0040f50000000000 | (limit & 0xffff) | (uint64_t)(limit >> 16) << 48;
}

void desc_load(struct cpu *cpu)
{
	struct table_pointer gdtr = { GDT_SIZE - 1, (uint64_t)(uintptr_t)cpu->arch.gdt };
	struct table_pointer idtr = { sizeof(trap_idt) - 1, (uint64_t)(uintptr_t)trap_idt };

	tss_fill(cpu);
	gdt_fill(cpu);
	__asm__ volatile(
		"lgdt %0\n\t"
		"lidt %1\n\t"
		"pushq %2\n\t"
		"leaq 1f(%%rip), %%rax\n\t"
		"pushq %%rax\n\t"
		"lretq\n"
		"1:\tmovl %3, %%eax\n\t"
		"movl %%eax, %%ds\n\t"
		"movl %%eax, %%es\n\t"
		"movl %%eax, %%ss\n\t"
		"xorl %%eax, %%eax\n\t"
		"movl %%eax, %%fs\n\t"
		"movl %%eax, %%gs\n\t"
		"movl %4, %%eax\n\t"
		"ltr %%ax"
		:: "m"(gdtr), "m"(idtr), "i"(SEL_KCODE), "i"(SEL_KDATA), "i"(SEL_TSS)
		: "rax", "memory");
	msr_write(MSR_GS_BASE, (uint64_t)(uintptr_t)cpu);
	msr_write(MSR_KERNEL_GS, 0);
}

/* A block's pages, guards left out. */
static bool block_page_used(uint32_t offset)
{
	return offset != BLOCK_GUARD0 && offset != BLOCK_GUARD1;
}

struct cpu *cpu_block_make(uint32_t row)
{
	uint64_t base = KERNEL_AREA + (uint64_t)row * BLOCK_SIZE;
	const struct isle_cpu *entry = boot_cpu(row);
	uint32_t offset;
	struct cpu *cpu;

	for (offset = 0; offset < BLOCK_SIZE; offset += FRAME_SIZE) {
		isle_hpa_t hpa;

		if (!block_page_used(offset))
			continue;
		hpa = frame_alloc(1, entry->node, FRAME_ZERO);
		if (hpa == FRAME_NONE || mmu_map_page(base + offset, hpa, MAP_WRITE))
			return NULL;
	}
	cpu = (struct cpu *)(base + BLOCK_CPU);
	cpu_by_row[row] = cpu;
	return cpu;
}
