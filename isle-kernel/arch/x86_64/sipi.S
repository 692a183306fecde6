/* SPDX-License-Identifier: MIT */
/*
 * sipi.S - trampoline for other cores on platforms without a loader: real mode to 64-bit mode in
 * one step, with the tables of pvh.S, then in at isle_entry like any core.
 *
 * Copied to SIPI_ADDR, below 1 MiB, while that is still mapped; it is read-only afterwards.
 */
#include <arch/layout.h>

#define HERE(label)  (SIPI_ADDR + label - sipi_start)
#define PHYS(symbol) (symbol - KERNEL_BASE + PVH_LOAD_ADDR)

	.section .rodata
	.balign 16
	.globl	sipi_start, sipi_end, sipi_page
	.code16
sipi_start:
	cli
	cld
	xorw	%ax, %ax
	movw	%ax, %ds
	lgdtl	HERE(sipi_gdtr)
	movl	$0x20, %eax		/* PAE */
	movl	%eax, %cr4
	movl	$PHYS(pvh_l4), %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx	/* EFER: LME, NXE */
	rdmsr
	orl	$0x900, %eax
	wrmsr
	movl	$0x80000031, %eax	/* PG, NE, ET, PE; caches on */
	movl	%eax, %cr0
	ljmpl	$SEL_KCODE, $HERE(sipi_long)

	.code64
sipi_long:
	movl	$SEL_KDATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movq	HERE(sipi_page), %rdi
	movabsq	$isle_entry, %rax
	jmp	*%rax

	.balign 8
sipi_gdt:
	.quad	0
	.quad	0x00af9b000000ffff
	.quad	0x00cf93000000ffff
sipi_gdtr:
	.word	. - sipi_gdt - 1
	.long	HERE(sipi_gdt)
	.balign 8
sipi_page:				/* the boot page's address, filled in when copied */
	.quad	0
sipi_end:

	.section .note.GNU-stack, "", @progbits
