/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * image.h - an isle kernel image, and the one check of it.
 *
 * An image is a statically linked ELF64 file for x86-64 whose segments lie between
 * ISLE_KBASE and ISLE_KBASE + ISLE_IMAGE_MAX, with a note of the name and type below.
 * isle_image_check() decides for the module, the monitor and the fuzz target alike; it
 * reads nothing outside the buffer, allocates nothing, and on refusal says why in words
 * that can be shown to a user. ELF: System V ABI, "Object files", and the x86-64 psABI.
 */
#ifndef ISLE_IMAGE_H
#define ISLE_IMAGE_H

#include <isle/boot.h>
#include <isle/types.h>
#include <isle/version.h>

#define ISLE_IMAGE_MAX        0x40000000ull  /* virtual span: one level-3 entry */
#define ISLE_IMAGE_FILE_MAX   (16ull << 20)  /* a larger file is not an isle kernel */
#define ISLE_IMAGE_SEGMENTS   8

#define ISLE_NOTE_NAME        "hermit-isle"  /* with its NUL: 12 bytes */
#define ISLE_NOTE_TYPE        1u

/* Descriptor of the note. */
struct isle_image_note {
	uint32_t revision;    /* ISLE_ABI_REVISION it was built with */
	uint32_t platforms;   /* bit n: ISLE_PLAT_n is supported */
	uint64_t early_size;  /* bytes of zeroed early pages it wants at least */
};
ISLE_ASSERT_SIZE(struct isle_image_note, 16);

struct isle_image_segment {
	uint64_t file_off;
	uint64_t file_size;
	isle_ipa_t ipa;       /* virtual address - ISLE_KBASE */
	uint64_t mem_size;
};

struct isle_image {
	uint64_t entry;       /* virtual address */
	uint64_t mem_size;    /* end of the last segment, rounded up to a page: the image occupies ipa 0 to here */
	struct isle_image_note note;
	uint32_t nr_segments;
	uint32_t reserved;
	struct isle_image_segment segment[ISLE_IMAGE_SEGMENTS];
};

/* The parts of ELF that are needed, so that every world sees the same. */
struct isle_elf_header {
	uint8_t  ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
ISLE_ASSERT_SIZE(struct isle_elf_header, 64);

struct isle_elf_segment {
	uint32_t type, flags;
	uint64_t offset, vaddr, paddr, filesz, memsz, align;
};
ISLE_ASSERT_SIZE(struct isle_elf_segment, 56);

struct isle_elf_note {
	uint32_t namesz, descsz, type;
};

enum {
	ISLE_ELF_PT_LOAD = 1, ISLE_ELF_PT_NOTE = 4, ISLE_ELF_PF_X = 1,
	ISLE_ELF_ET_EXEC = 2, ISLE_ELF_EM_X86_64 = 62,
};

/* Copies size bytes at off of the buffer; false if they are not all inside. */
static inline int isle_image_read(const uint8_t *buf, uint64_t len, uint64_t off, void *out, uint64_t size)
{
	uint8_t *to = (uint8_t *)out;
	uint64_t i;

	if (off > len || size > len - off)
		return 0;
	for (i = 0; i < size; i++)
		to[i] = buf[off + i];
	return 1;
}

/* Looks for the note in [off, off + size) of the buffer. Returns 1 found, 0 not there, -1 malformed. */
static inline int isle_image_find_note(const uint8_t *buf, uint64_t len, uint64_t off, uint64_t size,
				       struct isle_image_note *note)
{
	static const char name[12] = ISLE_NOTE_NAME;
	uint64_t end;

	if (off > len || size > len - off)
		return -1;
	end = off + size;
	while (end - off >= sizeof(struct isle_elf_note)) {
		struct isle_elf_note n;
		char got[12];
		uint64_t name_at, desc_at, next, i;

		isle_image_read(buf, end, off, &n, sizeof(n));
		name_at = off + sizeof(n);
		desc_at = name_at + (((uint64_t)n.namesz + 3) & ~3ull);
		next = desc_at + (((uint64_t)n.descsz + 3) & ~3ull);
		if (desc_at > end || n.descsz > end - desc_at)
			return -1;
		if (n.type == ISLE_NOTE_TYPE && n.namesz == sizeof(name) &&
		    isle_image_read(buf, end, name_at, got, sizeof(got))) {
			for (i = 0; i < sizeof(name) && got[i] == name[i]; i++)
				;
			if (i == sizeof(name))
				return n.descsz == sizeof(*note) &&
				       isle_image_read(buf, end, desc_at, note, sizeof(*note)) ? 1 : -1;
		}
		if (next > end)
			break;
		off = next;
	}
	return 0;
}

/* Adds one PT_LOAD segment to the image. Returns 0, or why not. */
static inline const char *isle_image_add(struct isle_image *img, const struct isle_elf_segment *ph, uint64_t len)
{
	struct isle_image_segment *seg;
	uint32_t i;

	if (ph->memsz == 0)
		return 0;
	if (ph->filesz > ph->memsz)
		return "a segment's file part is larger than its memory";
	if (ph->offset > len || ph->filesz > len - ph->offset)
		return "the file is truncated: a segment ends behind its end";
	if (ph->vaddr < ISLE_KBASE || ph->vaddr - ISLE_KBASE > ISLE_IMAGE_MAX ||
	    ph->memsz > ISLE_IMAGE_MAX - (ph->vaddr - ISLE_KBASE))
		return "a segment lies outside the address range of isle kernels";
	if (img->nr_segments == ISLE_IMAGE_SEGMENTS)
		return "it has more segments than an isle kernel may have";
	seg = &img->segment[img->nr_segments];
	seg->file_off = ph->offset;
	seg->file_size = ph->filesz;
	seg->ipa = ph->vaddr - ISLE_KBASE;
	seg->mem_size = ph->memsz;
	for (i = 0; i < img->nr_segments; i++) {
		const struct isle_image_segment *o = &img->segment[i];

		if (seg->ipa < o->ipa + o->mem_size && o->ipa < seg->ipa + seg->mem_size)
			return "two segments overlap";
	}
	img->nr_segments++;
	if (img->mem_size < seg->ipa + seg->mem_size)
		img->mem_size = seg->ipa + seg->mem_size;
	return 0;
}

/*
 * Checks an image of len bytes for use on a platform (ISLE_PLAT_*) and describes it in *img.
 * Returns 0, or one clause that says what is wrong. It may be called on any bytes.
 */
static inline const char *isle_image_check(const void *image, uint64_t len, uint32_t platform, struct isle_image *img)
{
	const uint8_t *buf = (const uint8_t *)image;
	struct isle_elf_header eh;
	const char *why;
	int noted = 0, entered = 0;
	uint32_t i;

	img->entry = img->mem_size = 0;
	img->reserved = 0;
	img->nr_segments = 0;
	if (len > ISLE_IMAGE_FILE_MAX)
		return "the file is too large for an isle kernel";
	if (!isle_image_read(buf, len, 0, &eh, sizeof(eh)))
		return "the file is truncated: it is shorter than an ELF header";
	if (eh.ident[0] != 0x7f || eh.ident[1] != 'E' || eh.ident[2] != 'L' || eh.ident[3] != 'F')
		return "it is not an ELF file";
	if (eh.ident[4] != 2 || eh.ident[5] != 1 || eh.machine != ISLE_ELF_EM_X86_64)
		return "it is for another machine than x86-64";
	if (eh.type != ISLE_ELF_ET_EXEC)
		return "it is not a linked executable";
	if (eh.phentsize != sizeof(struct isle_elf_segment) || eh.phnum == 0 || eh.phnum > 64)
		return "its program header table is malformed";
	for (i = 0; i < eh.phnum; i++) {
		struct isle_elf_segment ph;

		if (eh.phoff > len || !isle_image_read(buf, len, eh.phoff + i * sizeof(ph), &ph, sizeof(ph)))
			return "the file is truncated: its program headers end behind its end";
		if (ph.type == ISLE_ELF_PT_NOTE && noted == 0)
			noted = isle_image_find_note(buf, len, ph.offset, ph.filesz, &img->note);
		if (ph.type != ISLE_ELF_PT_LOAD)
			continue;
		why = isle_image_add(img, &ph, len);
		if (why)
			return why;
		if ((ph.flags & ISLE_ELF_PF_X) && eh.entry >= ph.vaddr && eh.entry - ph.vaddr < ph.memsz)
			entered = 1;
	}
	if (noted < 0)
		return "its isle note is malformed or lies behind the file's end";
	if (noted == 0)
		return "it has no isle note: it is not an isle kernel";
	if (img->note.revision != ISLE_ABI_REVISION)
		return "it was built for another ABI revision: install image, module and tools from one build";
	if (platform >= 32 || !(img->note.platforms & (1u << platform)))
		return "it does not support this platform";
	if (img->note.early_size > ISLE_IMAGE_MAX)
		return "it asks for more early memory than an isle kernel may have";
	if (!entered)
		return "its entry point is outside its code";
	img->entry = eh.entry;
	img->mem_size = (img->mem_size + ISLE_PAGE_SIZE - 1) & ~(ISLE_PAGE_SIZE - 1);
	return 0;
}

#endif
