/* SPDX-License-Identifier: MIT */
/*
 * image.S - the vDSO's image, as it was linked.
 */
	.section .rodata
	.balign	16
	.globl	vdso_image, vdso_image_end
vdso_image:
	.incbin	"vdso/vdso.so"
vdso_image_end:

	.section .note.GNU-stack, "", @progbits
