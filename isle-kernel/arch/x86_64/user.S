/* SPDX-License-Identifier: MIT */
/*
 * user.S - accesses to the program's memory. Each instruction that may fault has a fixup; the fault
 * handler first tries to make the page present, and takes the fixup only if it cannot.
 *
 * user_copy(to, from, size): bytes not copied. user_clear(to, size): bytes not cleared.
 * user_cmpxchg(addr, expected, desired, found): 0, or 1 if it faulted.
 */
	.macro fixup from, to
	.pushsection .fixups, "a"
	.quad	\from, \to
	.popsection
	.endm

	.macro user_open
	cmpb	$0, user_smap
	je	1f
	.byte	0x0f, 0x01, 0xcb		/* STAC, which older cores do not know */
1:
	.endm

	.macro user_close
	cmpb	$0, user_smap
	je	1f
	.byte	0x0f, 0x01, 0xca		/* CLAC */
1:
	.endm

	.text
	.globl user_copy
	.type user_copy, @function
user_copy:
	user_open
	movq	%rdx, %rcx
	shrq	$3, %rcx
	andl	$7, %edx
2:	rep movsq
	movl	%edx, %ecx
3:	rep movsb
4:
	user_close
	movq	%rcx, %rax
	ret
5:	leaq	(%rdx, %rcx, 8), %rcx
	jmp	4b
	fixup	2b, 5b
	fixup	3b, 4b
	.size user_copy, . - user_copy

	.globl user_clear
	.type user_clear, @function
user_clear:
	user_open
	xorl	%eax, %eax
	movq	%rsi, %rcx
	shrq	$3, %rcx
	andl	$7, %esi
6:	rep stosq
	movl	%esi, %ecx
7:	rep stosb
15:
	user_close
	movq	%rcx, %rax
	ret
16:	leaq	(%rsi, %rcx, 8), %rcx
	jmp	15b
	fixup	6b, 16b
	fixup	7b, 15b
	.size user_clear, . - user_clear

	.globl user_cmpxchg
	.type user_cmpxchg, @function
user_cmpxchg:
	user_open
	movl	%esi, %eax
8:	lock cmpxchgl %edx, (%rdi)
	movl	%eax, (%rcx)
	user_close
	xorl	%eax, %eax
	ret
9:
	user_close
	movl	$1, %eax
	ret
	fixup	8b, 9b
	.size user_cmpxchg, . - user_cmpxchg

/*
 * user_read32(addr, value) and its kind: a word in one access. 0, or 1 if it faulted. Most of what calls take and
 * give is one word, and this is a third of what user_copy costs.
 */
	.macro word name, from, to, register
	.globl \name
	.type \name, @function
\name:
	user_open
13:	mov	(\from), \register
14:	mov	\register, (\to)
	user_close
	xorl	%eax, %eax
	ret
15:
	user_close
	movl	$1, %eax
	ret
	fixup	13b, 15b
	fixup	14b, 15b
	.size \name, . - \name
	.endm

	word user_read32, %rdi, %rsi, %eax
	word user_read64, %rdi, %rsi, %rax
	word user_write32, %rsi, %rdi, %eax
	word user_write64, %rsi, %rdi, %rax

/*
 * context_fpu_load(area, mask): loads extended state of which the program had a say; reserved bits
 * make the instruction fault. 1 if it was loaded. A mask of 0 means FXRSTOR.
 */
	.globl context_fpu_load
	.type context_fpu_load, @function
context_fpu_load:
	movl	%esi, %eax
	movq	%rsi, %rdx
	shrq	$32, %rdx
	testq	%rsi, %rsi
	jz	11f
10:	xrstor64 (%rdi)
	movl	$1, %eax
	ret
11:	fxrstor64 (%rdi)
	movl	$1, %eax
	ret
12:	xorl	%eax, %eax
	ret
	fixup	10b, 12b
	fixup	11b, 12b
	.size context_fpu_load, . - context_fpu_load

	.section .note.GNU-stack, "", @progbits
