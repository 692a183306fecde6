/* SPDX-License-Identifier: MIT */
/*
 * layout.h - numbers that assembly and C must agree on. C checks them where the structs are.
 */
#ifndef ARCH_LAYOUT_H
#define ARCH_LAYOUT_H

/* Selectors. SYSRET wants user data and user code in this order (Intel SDM vol. 2, SYSRET). */
#define SEL_KCODE   0x08
#define SEL_KDATA   0x10
#define SEL_UCODE32 0x18
#define SEL_UDATA   0x20
#define SEL_UCODE   0x28
#define SEL_TSS     0x30
#define SEL_CPU     0x78   /* tells the program its core: vdso/data.h */
#define GDT_SIZE    0x80

/* A core's block: guard, stack, guard, four stacks for faults, then struct cpu. */
#define BLOCK_SIZE      0x10000
#define BLOCK_GUARD0    0x0000
#define BLOCK_STACK     0x1000
#define BLOCK_STACK_TOP 0x5000
#define BLOCK_GUARD1    0x5000
#define BLOCK_IST       0x6000
#define BLOCK_IST_SIZE  0x2000
#define BLOCK_CPU       0xe000

/* Which stack a vector uses; 0 keeps the current one. */
#define IST_DF  1
#define IST_NMI 2
#define IST_MC  3
#define IST_DB  4
#define NR_IST  4
/* The last word of such a stack is its core's struct cpu: usable before GS is known to be ours. */
#define IST_TOP_RESERVED 16

/* Offsets in struct isle_boot and struct isle_cpu. */
#define BOOT_NR_CPUS    24
#define BOOT_CPUS_IPA   56
#define BOOT_CPU_SIZE   128

/* ISLE_KBASE as the assembler and the linker script want it, and where PVH puts it. */
#define KERNEL_BASE     0xffffffff80000000
#define PVH_LOAD_ADDR   0x200000
/* Where other cores start without a loader: a page below 1 MiB. */
#define SIPI_ADDR       0x8000

#define MSR_GS_BASE     0xc0000101

#endif
