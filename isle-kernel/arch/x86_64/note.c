// SPDX-License-Identifier: MIT
/*
 * note.c - the ELF note by which loaders know the image: abi/isle/image.h.
 */
#include <isle/image.h>
#include <kern/image.h>

static const struct {
	struct isle_elf_note head;
	char name[12];
	struct isle_image_note note;
} isle_note __attribute__((used, aligned(4), section(".note.isle"))) = {
	.head = { 12, sizeof(struct isle_image_note), ISLE_NOTE_TYPE },
	.name = ISLE_NOTE_NAME,
	.note = {
		.revision = ISLE_ABI_REVISION,
		.platforms = 1u << ISLE_PLAT_MULTI | 1u << ISLE_PLAT_UHYVE | 1u << ISLE_PLAT_QEMU,
		.early_size = IMAGE_EARLY_SIZE,
	},
};
