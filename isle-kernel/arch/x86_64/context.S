/* SPDX-License-Identifier: MIT */
/*
 * context.S - from one kernel stack to another, and from the kernel to ring 3.
 */
#include <arch/layout.h>
#include <arch/thread_layout.h>

	.text
/*
 * A new thread's first step, where context_switch jumps to: on its stack lies what to call, and above
 * that the frame of ring 3 (context_init).
 */
	.globl context_begin
	.type context_begin, @function
context_begin:
	popq	%rbx
	xorl	%ebp, %ebp
	call	*%rbx
	movq	%rsp, %rdi
	call	user_return
	jmp	user_resume
	.size context_begin, . - context_begin

/*
 * SYSCALL arrives here (Intel SDM vol. 2, SYSCALL): RCX is the program's RIP, R11 its flags, the
 * stack still its own, interrupts off. Calls in syscall_leaf run with only the registers saved that
 * C may change, all of them on the thread's own stack: another thread may run in between.
 */
	.globl syscall_entry
	.type syscall_entry, @function
syscall_entry:
	swapgs
	movq	%rsp, %gs:CPU_USER_SP
	movq	%gs:CPU_KERNEL_SP, %rsp
	pushq	%gs:CPU_USER_SP
	pushq	%rcx
	pushq	%r11
	cmpq	$SYSCALL_LEAVES, %rax
	jae	syscall_full
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%r8
	pushq	%r9
	pushq	%r10
	call	*syscall_leaf(, %rax, 8)
	movq	%gs:CPU_CURRENT, %rcx
	testl	$THREAD_WORK_ANY, THREAD_WORK(%rcx)
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rdx
	popq	%rsi
	popq	%rdi
	/* POP leaves the flags alone. */
	popq	%r11
	popq	%rcx
	jnz	leaf_work
	popq	%rsp
	swapgs
	sysretq
	.size syscall_entry, . - syscall_entry

/*
 * FUTEX_WAKE of a private futex is a leaf: futex_wake neither blocks nor touches the program's memory. The
 * rest of the call is not.
 */
	.globl syscall_futex
	.type syscall_futex, @function
syscall_futex:
	cmpl	$FUTEX_WAKE_PRIVATE, %esi
	je	futex_wake_leaf
	/* Falls through. */
	.size syscall_futex, . - syscall_futex

/* What stands in syscall_leaf for calls that are no leaves: takes back what was pushed for one. */
	.globl syscall_no_leaf
	.type syscall_no_leaf, @function
syscall_no_leaf:
	addq	$7 * 8, %rsp
	jmp	syscall_full
	.size syscall_no_leaf, . - syscall_no_leaf

	.macro frame_push
	pushq	$SEL_UDATA | 3
	pushq	%gs:CPU_USER_SP
	pushq	%r11
	pushq	$SEL_UCODE | 3
	pushq	%rcx
	pushq	%rax
	pushq	$VECTOR_SYSCALL
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

/* A leaf has run, and something is to be done before the program goes on. */
	.type leaf_work, @function
leaf_work:
	popq	%gs:CPU_USER_SP
	frame_push
	movq	%rsp, %rdi
	call	user_return
	jmp	user_resume
	.size leaf_work, . - leaf_work

/* The other calls: a whole frame, as traps have it (struct trap_frame; error holds the number). */
	.type syscall_full, @function
syscall_full:
	popq	%r11
	popq	%rcx
	popq	%gs:CPU_USER_SP
	frame_push
	cld
	movq	%rsp, %rdi
	call	syscall_handle

/* Back to ring 3 with the frame on the stack; IRETQ also serves frames that SYSRET could not express. */
	.globl user_resume
user_resume:
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
	addq	$16, %rsp
	swapgs
	iretq
	.size syscall_full, . - syscall_full

	.section .note.GNU-stack, "", @progbits
