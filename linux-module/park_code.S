/* SPDX-License-Identifier: GPL-2.0 */
/*
 * park_code.S - what a reserved core runs while it belongs to no isle.
 *
 * The module copies this to the park's code page; it runs there, at PARK_VA, and nowhere else,
 * so everything is addressed relative to RIP. It must survive whatever a core brings along: it is
 * entered from the trampoline and from isle kernels, with RDI = address of the core's data page.
 * It takes nothing else for granted, and rebuilds its descriptors each time, because the isle
 * that leaves could write its cores' data pages.
 */
#include <linux/linkage.h>
#include <asm/msr-index.h>
#include "park_layout.h"

#define LAPIC_ID_VERSION   0x030
#define LAPIC_TPR          0x080
#define LAPIC_EOI          0x0b0
#define LAPIC_SPURIOUS     0x0f0
#define LAPIC_ISR          0x100
#define LAPIC_LVT_CMCI     0x2f0
#define LAPIC_LVT_TIMER    0x320
#define LAPIC_LVT_THERMAL  0x330
#define LAPIC_LVT_PERF     0x340
#define LAPIC_LVT_LINT0    0x350
#define LAPIC_LVT_LINT1    0x360
#define LAPIC_LVT_ERROR    0x370
#define LAPIC_TIMER_COUNT  0x380
#define LVT_MASKED         0x10000
#define APICBASE_X2APIC    (1 << 10)

	.section .rodata
	.balign 16
	.code64
	.globl isle_park_code, isle_park_code_end
	.globl isle_park_cr3, isle_park_faults, isle_park_nmi, isle_park_mcheck
	.globl isle_park_interrupt, isle_park_spurious

/* The park entry of abi/isle/boot.h is the first byte. */
isle_park_code:
	cli
	cld
	/* A wrong argument must not become a wild write: stop here, INIT brings the core back. */
	mov	$(PARK_VA + PARK_DATA_OFF), %rax
	mov	%rdi, %rcx
	sub	%rax, %rcx
	cmp	$(PARK_SLOTS * 4096), %rcx
	jae	lost
	test	$0xfff, %ecx
	jnz	lost
	lea	4096(%rdi), %rsp
	xor	%ebp, %ebp

	/* GDT: flat code and data, accessed bits set; then the TSS. */
	movq	$0, PARK_GDT(%rdi)
	mov	$0x00af9b000000ffff, %rax
	mov	%rax, PARK_GDT + PARK_CS(%rdi)
	mov	$0x00cf93000000ffff, %rax
	mov	%rax, PARK_GDT + PARK_DS(%rdi)
	lea	PARK_TSS(%rdi), %rax
	mov	%eax, %ecx
	and	$0xffffff, %ecx
	shl	$16, %rcx
	or	$PARK_TSS_LIMIT, %rcx
	mov	%eax, %edx
	shr	$24, %edx
	shl	$56, %rdx
	or	%rdx, %rcx
	mov	$0x0000890000000000, %rdx
	or	%rdx, %rcx
	mov	%rcx, PARK_GDT + PARK_TR(%rdi)
	shr	$32, %rax
	mov	%rax, PARK_GDT + PARK_TR + 8(%rdi)

	/* TSS: nothing but stacks. SDM vol. 3, "Task Management in 64-bit Mode". */
	mov	%rdi, %rdx
	lea	PARK_TSS(%rdi), %rdi
	xor	%eax, %eax
	mov	$((PARK_TSS_LIMIT + 1) / 8), %ecx
	rep stosq
	mov	%rdx, %rdi
	lea	PARK_IST_FAULT(%rdi), %rax
	mov	%rax, PARK_TSS + 0x24(%rdi)
	lea	PARK_IST_NMI(%rdi), %rax
	mov	%rax, PARK_TSS + 0x2c(%rdi)
	lea	PARK_IST_MCHECK(%rdi), %rax
	mov	%rax, PARK_TSS + 0x34(%rdi)
	movw	$(PARK_TSS_LIMIT + 1), PARK_TSS + 0x66(%rdi)

	/* Both tables in a row: an NMI in between would find one of each. */
	lea	PARK_GDT(%rdi), %rax
	push	%rax
	pushw	$PARK_GDT_LIMIT
	lgdt	(%rsp)
	lidt	idtr(%rip)
	add	$10, %rsp
	pushq	$PARK_CS
	lea	1f(%rip), %rax
	push	%rax
	lretq
1:	mov	$PARK_DS, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	xor	%eax, %eax
	mov	%eax, %fs
	mov	%eax, %gs
	mov	$PARK_TR, %eax
	ltr	%ax

	/* NX before the tables that use it; then CR4, which also drops global translations. */
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$0x900, %eax
	wrmsr
	mov	isle_park_cr3(%rip), %rax
	mov	%rax, %cr3
	mov	$0x60, %eax			/* PAE, MCE: without it a machine check resets */
	mov	%rax, %cr4
	mov	$0x80050033, %eax		/* PG, AM, WP, NE, ET, MP, PE */
	mov	%rax, %cr0
	mov	$0x400, %eax			/* no breakpoints of the last isle */
	mov	%rax, %dr7

	call	lapic_reset
	incq	MAILBOX_ARRIVALS(%rdi)
	movl	$PARK_STATE_PARKED, MAILBOX_STATE(%rdi)

/* STI takes effect behind the next instruction: no wake-up is lost between the look and HLT. */
wait:
	cli
	mov	MAILBOX_REQUEST(%rdi), %rax
	cmp	MAILBOX_TAKEN(%rdi), %rax
	jne	take
	sti
	hlt
	jmp	wait

/* A request without an entry point only asks whether this core is here. */
take:
	mov	MAILBOX_ENTRY(%rdi), %rdx
	test	%rdx, %rdx
	jnz	leave
	mov	%rax, MAILBOX_TAKEN(%rdi)
	jmp	wait

/* The isle's tables map this page and the core's data page where they are now. */
leave:
	mov	MAILBOX_CR3(%rdi), %rcx
	mov	MAILBOX_ARG(%rdi), %rsi
	movl	$PARK_STATE_LEFT, MAILBOX_STATE(%rdi)
	mov	%rax, MAILBOX_TAKEN(%rdi)
	mov	%rcx, %cr3
	mov	%rsi, %rdi
	jmp	*%rdx

lost:
	cli
	hlt
	jmp	lost

/*
 * Local APIC: enabled, all own sources masked, priority 0, nothing in service (an isle may have
 * died in a handler, and 0xf0 in service would hold back ISLE_VECTOR_PARK). The logical id is not
 * touched: it is 0 after INIT, so that Linux's logical interrupts match no core of ours.
 */
lapic_reset:
	mov	$MSR_IA32_APICBASE, %ecx
	rdmsr
	mov	%eax, %r8d
	and	$APICBASE_X2APIC, %r8d
	mov	$0x1ff, %eax
	mov	$LAPIC_SPURIOUS, %ecx
	call	lapic_write
	mov	$LAPIC_ID_VERSION, %ecx
	call	lapic_read
	shr	$16, %eax
	movzbl	%al, %r10d			/* highest LVT entry */
	mov	$LVT_MASKED, %eax
	mov	$LAPIC_LVT_TIMER, %ecx
	call	lapic_write
	mov	$LAPIC_LVT_LINT0, %ecx
	call	lapic_write
	mov	$LAPIC_LVT_LINT1, %ecx
	call	lapic_write
	cmp	$3, %r10d
	jb	1f
	mov	$LAPIC_LVT_ERROR, %ecx
	call	lapic_write
	cmp	$4, %r10d
	jb	1f
	mov	$LAPIC_LVT_PERF, %ecx
	call	lapic_write
	cmp	$5, %r10d
	jb	1f
	mov	$LAPIC_LVT_THERMAL, %ecx
	call	lapic_write
	cmp	$6, %r10d
	jb	1f
	mov	$LAPIC_LVT_CMCI, %ecx
	call	lapic_write
1:	xor	%eax, %eax
	mov	$LAPIC_TIMER_COUNT, %ecx
	call	lapic_write
	mov	$LAPIC_TPR, %ecx
	call	lapic_write
	mov	$256, %r11d			/* each EOI ends one of at most 256 */
2:	xor	%r10d, %r10d
	mov	$LAPIC_ISR, %ecx
3:	mov	%ecx, %esi
	call	lapic_read
	or	%eax, %r10d
	lea	0x10(%rsi), %ecx
	cmp	$(LAPIC_ISR + 0x80), %ecx
	jb	3b
	test	%r10d, %r10d
	jz	4f
	xor	%eax, %eax
	mov	$LAPIC_EOI, %ecx
	call	lapic_write
	dec	%r11d
	jnz	2b
4:	ret

/* Register at offset ECX from EAX; R8D tells the mode. Keeps EAX. */
lapic_write:
	test	%r8d, %r8d
	jz	1f
	shr	$4, %ecx
	add	$0x800, %ecx
	xor	%edx, %edx
	wrmsr
	ret
1:	mov	$(PARK_VA + PARK_LAPIC_OFF), %r9
	mov	%eax, (%r9, %rcx)
	ret

lapic_read:
	test	%r8d, %r8d
	jz	1f
	shr	$4, %ecx
	add	$0x800, %ecx
	rdmsr
	ret
1:	mov	$(PARK_VA + PARK_LAPIC_OFF), %r9
	mov	(%r9, %rcx), %eax
	ret

/* Vectors 32 to 254 come between STI and CLI only: on the loop's stack, in the mailbox's page. */
isle_park_interrupt:
	push	%rax
	push	%rcx
	push	%rdx
	push	%r8
	push	%r9
	mov	%rsp, %rax
	and	$-4096, %rax
	incq	MAILBOX_INTERRUPTS(%rax)
	mov	$MSR_IA32_APICBASE, %ecx
	rdmsr
	mov	%eax, %r8d
	and	$APICBASE_X2APIC, %r8d
	xor	%eax, %eax
	mov	$LAPIC_EOI, %ecx
	call	lapic_write
	pop	%r9
	pop	%r8
	pop	%rdx
	pop	%rcx
	pop	%rax
isle_park_spurious:
	iretq

isle_park_nmi:
	push	%rax
	mov	%rsp, %rax
	and	$-4096, %rax
	incq	MAILBOX_NMIS(%rax)
	pop	%rax
	iretq

/* Machine checks are broadcast. As Linux does on cores that are offline: let it be another's. */
isle_park_mcheck:
	push	%rax
	push	%rcx
	push	%rdx
	mov	%rsp, %rax
	and	$-4096, %rax
	incq	MAILBOX_MCHECKS(%rax)
	xor	%eax, %eax
	xor	%edx, %edx
	mov	$MSR_IA32_MCG_STATUS, %ecx
	wrmsr
	pop	%rdx
	pop	%rcx
	pop	%rax
	iretq

/* One entry of 16 bytes an exception, for vectors 0 to 31. */
	.balign 16
isle_park_faults:
	.set	vector, 0
	.rept	32
	.balign 16
	.if	(0x60227d00 >> vector) & 1	/* those with an error code */
	.else
	push	$0
	.endif
	push	$vector
	jmp	fault
	.set	vector, vector + 1
	.endr

/* Also the first instructions of an isle kernel, before its own tables, end here. */
fault:
	mov	%rsp, %rdi
	and	$-4096, %rdi
	pop	%rax
	mov	%rax, MAILBOX_VECTOR(%rdi)
	pop	%rax
	mov	%rax, MAILBOX_ERROR(%rdi)
	pop	%rax
	mov	%rax, MAILBOX_RIP(%rdi)
	mov	%cr2, %rax
	mov	%rax, MAILBOX_CR2(%rdi)
	movl	$PARK_STATE_FAULT, MAILBOX_STATE(%rdi)
	jmp	lost

	.balign 8
isle_park_cr3:
	.quad	0
	.word	0, 0, 0
idtr:	.word	256 * 16 - 1
	.quad	PARK_VA + PARK_IDT_OFF
isle_park_code_end:

	.section .note.GNU-stack, "", @progbits
