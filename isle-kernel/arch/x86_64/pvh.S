/* SPDX-License-Identifier: MIT */
/*
 * pvh.S - entry for QEMU's -kernel: 32-bit protected mode, no paging, EBX = start info (Xen,
 * docs/misc/pvh.pandoc).
 *
 * Plays the loader: maps the first GiB where it is and the image at ISLE_KBASE, goes to 64-bit mode
 * and lets plat/qemu_boot.c make the boot page. Then the core enters as on any other platform.
 */
#include <arch/layout.h>

#define PHYS(symbol)  (symbol - KERNEL_BASE + PVH_LOAD_ADDR)

	.section .note.pvh, "a", @note
	.balign 4
	.long	4, 8, 18		/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz	"Xen"
	.quad	PHYS(pvh_entry)

	.section .bss
	.balign 4096
	.globl	pvh_l4
pvh_l4:	.skip	4096
pvh_l3_low:	.skip	4096
pvh_l3_high:	.skip	4096
pvh_l2_low:	.skip	4096		/* 0 to 1 GiB */
pvh_l2_high:	.skip	4096		/* PVH_LOAD_ADDR and the GiB behind */

	.section .rodata
	.balign 8
pvh_gdt:
	.quad	0
	.quad	0x00af9b000000ffff
	.quad	0x00cf93000000ffff
pvh_gdtr:
	.word	. - pvh_gdt - 1
	.long	PHYS(pvh_gdt)

	.text
	.code32
	.globl	pvh_entry
	.type	pvh_entry, @function
pvh_entry:
	cli
	cld
	movl	$(PHYS(pvh_l3_low) + 3), PHYS(pvh_l4)
	movl	$(PHYS(pvh_l3_high) + 3), PHYS(pvh_l4) + 8 * 511
	movl	$(PHYS(pvh_l2_low) + 3), PHYS(pvh_l3_low)
	movl	$(PHYS(pvh_l2_high) + 3), PHYS(pvh_l3_high) + 8 * 510
	movl	$0x83, %eax
	movl	$(PVH_LOAD_ADDR + 0x83), %edx
	xorl	%ecx, %ecx
1:	movl	%eax, PHYS(pvh_l2_low)(, %ecx, 8)
	movl	%edx, PHYS(pvh_l2_high)(, %ecx, 8)
	addl	$0x200000, %eax
	addl	$0x200000, %edx
	incl	%ecx
	cmpl	$512, %ecx
	jb	1b

	movl	%cr4, %eax
	orl	$0x20, %eax
	movl	%eax, %cr4
	movl	$PHYS(pvh_l4), %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx
	rdmsr
	orl	$0x900, %eax
	wrmsr
	movl	%cr0, %eax
	orl	$0x80000001, %eax
	movl	%eax, %cr0
	lgdt	PHYS(pvh_gdtr)
	ljmp	$SEL_KCODE, $PHYS(1f)

	.code64
1:	movq	$2f, %rax
	jmp	*%rax
2:	movl	$SEL_KDATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movq	$(cpu_block0 + BLOCK_STACK_TOP), %rsp
	xorl	%ebp, %ebp
	movl	%ebx, %edi
	call	qemu_boot_make
	movq	%rax, %rdi
	jmp	isle_entry
	.size pvh_entry, . - pvh_entry

	.section .note.GNU-stack, "", @progbits
