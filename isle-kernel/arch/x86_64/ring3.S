/* SPDX-License-Identifier: MIT */
/*
 * ring3.S - the instructions of ring3.c, and the way to them and back.
 */
#include <arch/layout.h>

/* What is copied to the page that ring 3 sees. Each ends with an exception: UD2's, or its own if it may not be. */
	.section .rodata
	.balign 16
	.globl ring3_code, ring3_code_end, ring3_save, ring3_load, ring3_xcr0, ring3_cpuid
ring3_code:
ring3_save:
	xsave64	(%rdi)
	ud2
ring3_load:
	xrstor64 (%rdi)
	ud2
ring3_xcr0:
	xgetbv
	ud2
ring3_cpuid:
	cpuid
	ud2
ring3_code_end:

/*
 * ring3_enter(regs, sp, rsp0): to ring 3 with the registers of struct ring3_regs, interrupts off. What comes from there
 * finds this stack, and what is below it, in *rsp0; *sp is for ring3_leave.
 */
	.text
	.globl ring3_enter
	.type ring3_enter, @function
ring3_enter:
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rsi)
	movq	%rsp, (%rdx)
	pushq	$SEL_UDATA | 3
	pushq	$0
	pushq	$2
	pushq	$SEL_UCODE | 3
	pushq	(%rdi)
	movq	8(%rdi), %rax
	movq	24(%rdi), %rcx
	movq	32(%rdi), %rdx
	movq	40(%rdi), %rdi
	swapgs
	iretq
	.size ring3_enter, . - ring3_enter

/* ring3_leave(sp): ring3_enter returns. */
	.globl ring3_leave
	.type ring3_leave, @function
ring3_leave:
	movq	%rdi, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
	.size ring3_leave, . - ring3_leave

	.section .note.GNU-stack, "", @progbits
