/* SPDX-License-Identifier: GPL-2.0 */
/*
 * trampoline_code.S - from the start-up interrupt to the park loop.
 *
 * Copied to a page below 1 MiB; a core enters in real mode with CS = page << 8 and IP = 0, and goes
 * to 64-bit mode in one step: SDM vol. 3, "Initializing IA-32e Mode". The module relocates the far
 * jump and the GDT's address, and fills the words at the end. Cores pass one at a time.
 */
#include <linux/linkage.h>
#include <asm/msr-index.h>

#define AT(label) ((label) - isle_trampoline)

	.section .rodata
	.balign 16
	.globl isle_trampoline, isle_trampoline_end
	.globl isle_trampoline_jump, isle_trampoline_gdtr, isle_trampoline_words

	.code16
isle_trampoline:
	cli
	cld
	mov	%cs, %ax
	mov	%ax, %ds
	movl	$1, AT(sign)
	movzwl	%ax, %ebx
	shll	$4, %ebx
	movl	$0x20, %eax			/* PAE, and no 5-level paging */
	movl	%eax, %cr4
	movl	AT(cr3), %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$0x900, %eax			/* LME, NXE */
	wrmsr
	lgdtl	AT(isle_trampoline_gdtr)
	movl	$0x80050033, %eax		/* PG, AM, WP, NE, ET, MP, PE */
	movl	%eax, %cr0
	.byte	0x66, 0xea			/* far jump, 32-bit offset */
isle_trampoline_jump:
	.long	AT(long_mode)
	.word	8

	.code64
long_mode:
	movl	$16, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	$2, AT(sign)(%rbx)
	movq	AT(mailbox)(%rbx), %rdi
	movq	AT(entry)(%rbx), %rax
	jmpq	*%rax
	int3

	.balign 16
gdt:	.quad	0, 0x00af9b000000ffff, 0x00cf93000000ffff
gdt_end:
isle_trampoline_gdtr:
	.word	gdt_end - gdt - 1
	.long	AT(gdt)

	.balign 16
/* struct trampoline_words in trampoline.c */
isle_trampoline_words:
sign:	.quad	0
cr3:	.quad	0
entry:	.quad	0
mailbox: .quad	0
isle_trampoline_end:

	.section .note.GNU-stack, "", @progbits
