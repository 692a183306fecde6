/* SPDX-License-Identifier: MIT */
/*
 * vectors.S - the 256 vectors, the interrupt descriptor table, and the way in and out of
 * trap_handle().
 *
 * Vector n's stub lies at ISLE_KBASE + 16 n, so every descriptor is a constant and the table can be
 * read-only and loaded before anything else is done.
 */
#include <arch/layout.h>
#include <arch/thread_layout.h>

	.altmacro
	.macro vector_stub n
	.org trap_vectors + 16 * \n
	.if (\n == 8) || (\n >= 10 && \n <= 14) || (\n == 17) || (\n == 21) || (\n == 29) || (\n == 30)
	/* The processor has pushed an error code. */
	.else
	pushq	$0
	.endif
	pushq	$\n
	.if (\n == 1)
	jmp	trap_debug
	.elseif (\n == 2) || (\n == 8) || (\n == 18)
	jmp	trap_on_fault_stack
	.else
	jmp	trap_common
	.endif
	.endm

	.macro descriptor n
	.word	16 * \n, SEL_KCODE
	.if \n == 1
	.byte	IST_DB, 0x8e
	.elseif \n == 2
	.byte	IST_NMI, 0x8e
	.elseif \n == 8
	.byte	IST_DF, 0x8e
	.elseif \n == 18
	.byte	IST_MC, 0x8e
	.elseif (\n == 3) || (\n == 4)
	.byte	0, 0xee			/* INT3 and INTO from ring 3 */
	.else
	.byte	0, 0x8e
	.endif
	.word	0x8000
	.long	0xffffffff, 0
	.endm

	.section .text.vectors, "ax"
	.balign 16
	.globl trap_vectors
trap_vectors:
	.set	i, 0
	.rept	256
	vector_stub %i
	.set	i, i + 1
	.endr
	.org	trap_vectors + 16 * 256

	.section .rodata
	.balign 16
	.globl trap_idt
trap_idt:
	.set	i, 0
	.rept	256
	descriptor %i
	.set	i, i + 1
	.endr

	.macro push_registers
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rbx
	pushq	%rbp
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	.endm

	.macro pop_registers
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rdi
	popq	%rsi
	popq	%rbp
	popq	%rbx
	popq	%rdx
	popq	%rcx
	popq	%rax
	.endm

	.text
	.type trap_common, @function
trap_common:
	testb	$3, 24(%rsp)
	jz	1f
	swapgs
1:
trap_on_thread_stack:
	push_registers
	cld
	movq	%rsp, %rdi
	call	trap_handle
	pop_registers
	testb	$3, 24(%rsp)
	jz	2f
	swapgs
2:	addq	$16, %rsp
	iretq
	.size trap_common, . - trap_common

/*
 * Debug exceptions have a stack of their own because they can hit the first instructions of a system call. From ring 3
 * they are like others: the thread's stack is free, and a thread that a debugger stops must be able to wait on it.
 */
	.type trap_debug, @function
trap_debug:
	testb	$3, 24(%rsp)
	jz	trap_on_fault_stack
	swapgs
	pushq	%rax
	pushq	%rdx
	movq	%gs:CPU_KERNEL_SP, %rax
	subq	$56, %rax
	.irp	offset, 0, 8, 16, 24, 32, 40, 48
	movq	(16 + \offset)(%rsp), %rdx
	movq	%rdx, \offset(%rax)
	.endr
	popq	%rdx
	xchgq	%rax, (%rsp)
	popq	%rsp
	jmp	trap_on_thread_stack
	.size trap_debug, . - trap_debug

/*
 * Vectors that can come at any moment, also where GS is not yet the kernel's: it is loaded from the
 * top of the stack, and put back as it was found.
 */
	.type trap_on_fault_stack, @function
trap_on_fault_stack:
	push_registers
	cld
	movl	$MSR_GS_BASE, %ecx
	rdmsr
	movl	%eax, %r12d
	movl	%edx, %r13d
	movq	%rsp, %rax
	orq	$(BLOCK_IST_SIZE - 1), %rax
	movq	(1 - IST_TOP_RESERVED)(%rax), %rax
	movq	%rax, %rdx
	shrq	$32, %rdx
	wrmsr
	movq	%rsp, %rdi
	call	trap_handle
	movl	$MSR_GS_BASE, %ecx
	movl	%r12d, %eax
	movl	%r13d, %edx
	wrmsr
	pop_registers
	addq	$16, %rsp
	iretq
	.size trap_on_fault_stack, . - trap_on_fault_stack

	.section .note.GNU-stack, "", @progbits
