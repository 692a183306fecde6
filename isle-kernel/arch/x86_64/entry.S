/* SPDX-License-Identifier: MIT */
/*
 * entry.S - where every core enters, in the state that abi/isle/boot.h describes.
 *
 * Nothing here can fault, and there is no stack until the core has found its row. Row 0's block is
 * static; the others lie in the kernel's own address space, so their cores load the kernel's tables
 * first.
 */
#include <arch/layout.h>

	.section .text.entry, "ax"
	.globl isle_entry
	.type isle_entry, @function
isle_entry:
	rdtsc
	cli
	cld
	shlq	$32, %rdx
	orq	%rdx, %rax
	movq	%rax, %r13
	movq	%rdi, %r12

	/* APIC id: leaf 0xb has all 32 bits of it, leaf 1 eight. */
	xorl	%eax, %eax
	cpuid
	cmpl	$0xb, %eax
	jb	1f
	movl	$0xb, %eax
	xorl	%ecx, %ecx
	cpuid
	movl	%edx, %r14d
	testl	%ebx, %ebx
	jnz	2f
1:	movl	$1, %eax
	cpuid
	shrl	$24, %ebx
	movl	%ebx, %r14d

2:	movl	BOOT_NR_CPUS(%r12), %ecx
	movq	$KERNEL_BASE, %rsi
	addq	BOOT_CPUS_IPA(%r12), %rsi
	xorl	%ebx, %ebx
3:	cmpl	%ecx, %ebx
	jae	lost
	cmpl	%r14d, (%rsi)
	je	4f
	incl	%ebx
	addq	$BOOT_CPU_SIZE, %rsi
	jmp	3b

4:	movq	mmu_root, %rax
	testq	%rax, %rax
	jz	5f
	movq	%rax, %cr3
5:	movq	cpu_by_row(, %rbx, 8), %rdi
	testq	%rdi, %rdi
	jz	lost
	leaq	(BLOCK_STACK_TOP - BLOCK_CPU)(%rdi), %rsp
	xorl	%ebp, %ebp
	pushq	%rbp
	pushq	%rbp
	movq	%r12, %rsi
	movl	%ebx, %edx
	movq	%r13, %rcx
	call	cpu_start

	/* A core that nobody expects. */
lost:	cli
	hlt
	jmp	lost
	.size isle_entry, . - isle_entry

/* park_jump(entry, mailbox): IRETQ to the next line ends the blocking of NMIs. */
	.text
	.globl park_jump
	.type park_jump, @function
park_jump:
	movq	%rdi, %rax
	movq	%rsi, %rdi
	movq	%rsp, %rdx
	pushq	$SEL_KDATA
	pushq	%rdx
	pushq	$2
	pushq	$SEL_KCODE
	pushq	$1f
	iretq
1:	jmp	*%rax
	.size park_jump, . - park_jump

	.section .note.GNU-stack, "", @progbits
