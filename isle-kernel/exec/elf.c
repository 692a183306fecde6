// SPDX-License-Identifier: MIT
/*
 * elf.c - parses an ELF64 x86-64 program as Linux's execve would, and trusts nothing in it.
 *
 * Pure: bytes in, description out. Sources: System V ABI, chapters 4 and 5 (object files, program
 * loading), the x86-64 psABI, and Linux's elf(5). What Linux refuses is refused here with the same
 * errno, plus a clause for the log.
 */
#include <kern/elf.h>

#include <isle/image.h>
#include <isle/window.h>
#include <kern/errno.h>
#include <kern/string.h>

enum { PT_LOAD = 1, PT_INTERP = 3, PT_PHDR = 6, PT_GNU_STACK = 0x6474e551 };
enum { ET_EXEC = 2, ET_DYN = 3, EM_X86_64 = 62 };

#define PAGE_MASK_LOW  (ISLE_PAGE_SIZE - 1)

static int refuse(const char **why, int err, const char *clause)
{
	*why = clause;
	return err;
}

/* Bytes of the head, read once: it lies where the proxy can write. False: they are not all there. */
static bool head_read(const uint8_t *head, size_t len, uint64_t off, void *to, size_t size)
{
	if (off > len || size > len - off)
		return false;
	memcpy(to, head + off, size);
	return true;
}

static int header_check(const struct isle_elf_header *eh, const char **why)
{
	if (memcmp(eh->ident, "\177ELF", 4) != 0)
		return refuse(why, -ENOEXEC, "it is not an ELF file");
	if (eh->ident[4] != 2 || eh->machine != EM_X86_64)
		return refuse(why, -ENOEXEC, "it is for another machine than x86-64");
	if (eh->ident[5] != 1)
		return refuse(why, -ENOEXEC, "it is big-endian");
	if (eh->type != ET_EXEC && eh->type != ET_DYN)
		return refuse(why, -ENOEXEC, "it is an object file or a core, not a program");
	if (eh->phentsize != sizeof(struct isle_elf_segment) || eh->phnum == 0)
		return refuse(why, -ENOEXEC, "it has no program headers");
	if (eh->phnum > ELF_MAX_PHNUM)
		return refuse(why, -ENOEXEC, "it has more program headers than are supported");
	return 0;
}

static int load_add(struct elf_program *prog, const struct isle_elf_segment *ph, uint64_t file_size, const char **why)
{
	struct elf_load *load;

	if (ph->memsz == 0)
		return 0;
	if (ph->filesz > ph->memsz)
		return refuse(why, -EINVAL, "a segment's file part is larger than its memory");
	if (ph->vaddr + ph->memsz < ph->vaddr || ph->vaddr + ph->memsz > ISLE_USER_TOP)
		return refuse(why, -ENOMEM, "a segment lies outside the addresses of programs");
	if ((ph->vaddr & PAGE_MASK_LOW) != (ph->offset & PAGE_MASK_LOW))
		return refuse(why, -EINVAL, "a segment's address and file offset do not lie alike in their pages");
	if (ph->filesz && (ph->offset > file_size || ph->filesz > file_size - ph->offset))
		return refuse(why, -ENOEXEC, "the file is truncated: a segment ends behind its end");
	if (prog->nr_loads == ELF_MAX_LOADS)
		return refuse(why, -ENOEXEC, "it has more segments than are supported");
	if (prog->nr_loads && ph->vaddr < prog->load[prog->nr_loads - 1].vaddr)
		return refuse(why, -EINVAL, "its segments are not in ascending order");
	load = &prog->load[prog->nr_loads++];
	load->vaddr = ph->vaddr;
	load->offset = ph->offset;
	load->filesz = ph->filesz;
	load->memsz = ph->memsz;
	load->flags = ph->flags & (ELF_READ | ELF_WRITE | ELF_EXEC);
	if (ph->align > prog->align && (ph->align & (ph->align - 1)) == 0 && ph->align <= ISLE_GRANULE_SIZE)
		prog->align = ph->align;
	return 0;
}

static int interp_read(struct elf_program *prog, const struct isle_elf_segment *ph, const uint8_t *head, size_t len,
		       const char **why)
{
	if (ph->filesz < 2 || ph->filesz > ELF_INTERP_MAX)
		return refuse(why, -ENOEXEC, "the name of its interpreter is malformed");
	if (!head_read(head, len, ph->offset, prog->interp, ph->filesz))
		return refuse(why, -ENOEXEC, "the name of its interpreter lies too far into the file");
	if (prog->interp[ph->filesz - 1] != '\0')
		return refuse(why, -ENOEXEC, "the name of its interpreter has no end");
	return 0;
}

/* AT_PHDR: PT_PHDR says it, else the segment that holds the table does. */
static uint64_t phdr_find(const struct elf_program *prog, uint64_t phoff)
{
	uint32_t i;

	for (i = 0; i < prog->nr_loads; i++) {
		const struct elf_load *load = &prog->load[i];

		if (phoff >= load->offset && phoff - load->offset < load->filesz)
			return load->vaddr + (phoff - load->offset);
	}
	return 0;
}

static int segment_add(struct elf_program *prog, const struct isle_elf_segment *ph, const uint8_t *head, size_t len,
		       uint64_t file_size, const char **why)
{
	switch (ph->type) {
	case PT_LOAD:
		return load_add(prog, ph, file_size, why);
	case PT_INTERP:
		return prog->interp[0] ? 0 : interp_read(prog, ph, head, len, why);
	case PT_PHDR:
		prog->phdr_vaddr = ph->vaddr;
		return 0;
	case PT_GNU_STACK:
		prog->exec_stack = ph->flags & ELF_EXEC;
		return 0;
	default:
		return 0;
	}
}

int elf_parse(const void *head, size_t len, uint64_t file_size, struct elf_program *prog, const char **why)
{
	struct isle_elf_header eh;
	uint32_t i;
	int err;

	/* Not the name of the interpreter and the loads behind nr_loads, which are most of it. */
	prog->relocatable = prog->exec_stack = false;
	prog->entry = prog->phdr_vaddr = prog->low = prog->high = 0;
	prog->phnum = prog->nr_loads = 0;
	prog->interp[0] = '\0';
	prog->align = ISLE_PAGE_SIZE;
	*why = NULL;
	if (!head_read(head, len, 0, &eh, sizeof(eh)))
		return refuse(why, -ENOEXEC, "it is too short for an ELF file");
	err = header_check(&eh, why);
	if (err)
		return err;
	for (i = 0; i < eh.phnum; i++) {
		struct isle_elf_segment ph;

		if (eh.phoff > len || !head_read(head, len, eh.phoff + i * sizeof(ph), &ph, sizeof(ph)))
			return refuse(why, -ENOEXEC, "the file is truncated: its program headers are not all there");
		err = segment_add(prog, &ph, head, len, file_size, why);
		if (err)
			return err;
	}
	if (prog->nr_loads == 0)
		return refuse(why, -ENOEXEC, "it has nothing to load");
	prog->relocatable = eh.type == ET_DYN;
	prog->entry = eh.entry;
	prog->phnum = eh.phnum;
	if (!prog->phdr_vaddr)
		prog->phdr_vaddr = phdr_find(prog, eh.phoff);
	prog->low = prog->load[0].vaddr & ~PAGE_MASK_LOW;
	for (i = 0; i < prog->nr_loads; i++) {
		uint64_t end = (prog->load[i].vaddr + prog->load[i].memsz + PAGE_MASK_LOW) & ~PAGE_MASK_LOW;

		if (end > prog->high)
			prog->high = end;
	}
	if (!prog->relocatable && prog->low < ISLE_USER_BOTTOM)
		return refuse(why, -EPERM, "it wants addresses below 64 KiB, which Linux keeps free");
	return 0;
}
