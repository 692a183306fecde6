/* SPDX-License-Identifier: MIT */
/*
 * probe.S - accesses that may fault, each with a row in the table of fixups.
 */
	.macro fixup from, to
	.pushsection .fixups, "a"
	.quad	\from, \to
	.popsection
	.endm

	.macro function name
	.globl	\name
	.type	\name, @function
\name:
	.endm

	.text
function probe_read
1:	movq	(%rdi), %rax
	movq	%rax, (%rsi)
	jmp	probe_succeeded
	fixup	1b, probe_failed

function probe_write
1:	movq	%rsi, (%rdi)
	jmp	probe_succeeded
	fixup	1b, probe_failed

/* A fault at the start of the callee is recovered by its return address. */
function probe_exec
	pushq	%rbp
	movq	%rsp, %rbp
	call	*%rdi
1:	popq	%rbp
	jmp	probe_succeeded
2:	popq	%rbp
	jmp	probe_failed
	fixup	1b, 2b

function probe_divide
	xorl	%ecx, %ecx
	movl	$1, %eax
	xorl	%edx, %edx
1:	divl	%ecx
	jmp	probe_failed
	fixup	1b, probe_succeeded

function probe_invalid
1:	ud2
	jmp	probe_failed
	fixup	1b, probe_succeeded

probe_succeeded:
	movl	$1, %eax
	ret
probe_failed:
	xorl	%eax, %eax
	ret

	.section .note.GNU-stack, "", @progbits
