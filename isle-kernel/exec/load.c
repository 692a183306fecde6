// SPDX-License-Identifier: MIT
/*
 * load.c - brings a program into its address space, as execve does (Linux, fs/binfmt_elf.c).
 *
 * The file is read through the proxy: its head into a frame of the program's memory, its segments
 * as private file mappings that are filled when they are touched. Strings that calls need lie on a
 * page of program memory of their own (process.scratch).
 *
 * Reading comes first and changes nothing, so that an execve that cannot be can be refused; mapping wants an empty
 * address space.
 */
#include <kern/load.h>

#include <arch/cpu.h>
#include <arch/trap.h>
#include <kern/aspace.h>
#include <kern/boot.h>
#include <kern/chan.h>
#include <kern/cpu.h>
#include <kern/elf.h>
#include <kern/errno.h>
#include <kern/extent.h>
#include <kern/filemap.h>
#include <kern/frame.h>
#include <kern/kmalloc.h>
#include <kern/log.h>
#include <kern/process.h>
#include <kern/scratch.h>
#include <kern/string.h>
#include <kern/thread.h>
#include <kern/uaccess.h>
#include <kern/vdso.h>

#include <arch/mmu.h>
#include <isle/call.h>
#include <isle/exec.h>

#include "program_priv.h"

#define PAGE_LOW      (ISLE_PAGE_SIZE - 1)
/* Where relocatable programs go; Linux uses two thirds of its addresses. */
#define PROGRAM_BASE  0x355555400000ull
/* Larger parts of programs are read as they are touched. */
#define AT_ONCE_MOST  (1ull << 20)
#define STACK_LEAST   (1ull << 20)
#define STACK_MOST    (1ull << 30)
#define RLIMIT_STACK  3
#define SYS_FSTAT     5u
/* Linux's struct stat: st_size. */
#define STAT_SIZE     144u
#define STAT_AT_SIZE  48u

/* The size of an open file, by fstat. */
static int64_t size_read(int32_t fd)
{
	uint64_t arg[6] = { (uint32_t)fd }, size = 0;
	isle_uva_t at = scratch_take(NULL, 0);
	int64_t err;

	arg[1] = at;
	err = scratch_call(SYS_FSTAT, arg, STAT_SIZE);
	if (!err)
		err = get_user(&size, at + STAT_AT_SIZE);
	scratch_give_back();
	return err ? err : (int64_t)size;
}

/*
 * Reads the head of a file, which has size bytes (or -errno), and parses it. The frames stay until all is loaded:
 * the program's first, given back at once they would make its memory one that was used.
 */
static int image_read(struct program *program, struct image *image, int64_t size)
{
	isle_hpa_t hpa = frame_alloc(ELF_HEAD_SIZE / FRAME_SIZE, this_cpu()->node, FRAME_USER);
	const char *why = "its head cannot be read";
	int64_t got;
	int err;

	if (hpa == FRAME_NONE)
		return program_fail(program, "no memory for its head", -ENOMEM);
	image->head = hpa;
	got = chan_isle_call(ISLE_CALL_FILL, (uint32_t)image->handle, 0, hpa_to_ipa(hpa), ELF_HEAD_SIZE, 0, 0);
	if (size < 0 || got < 0) {
		err = (int)(got < 0 ? got : size);
	} else if (got > ELF_HEAD_SIZE) {
		err = -EIO;   /* more than was asked for: the proxy errs */
	} else {
		image->size = (uint64_t)size;
		err = elf_parse(hpa_to_va(hpa), (size_t)got, image->size, &image->elf, &why);
	}
	return err ? program_fail(program, why, err) : 0;
}

static uint32_t prot_of(uint32_t flags)
{
	return (flags & ELF_READ ? REGION_READ : 0u) | (flags & ELF_WRITE ? REGION_WRITE : 0u) |
	       (flags & ELF_EXEC ? REGION_EXEC : 0u);
}

/* The part of a segment that comes from the file. */
static int file_part_map(struct aspace *aspace, const struct image *image, const struct elf_load *load)
{
	uint64_t at = load->vaddr + image->bias, low = at & ~PAGE_LOW;
	struct region model = {
		.kind = REGION_FILE, .start = low, .prot = prot_of(load->flags), .file = image->handle,
		.file_off = load->offset & ~PAGE_LOW, .file_size = image->size,
		.flags = load->filesz <= AT_ONCE_MOST ? REGION_F_AT_ONCE : 0,
	};
	int64_t got;

	filemap_hold(image->handle);
	got = aspace_map(aspace, &model, at + load->filesz - low, true, true);
	if (got < 0)
		filemap_drop(image->handle);
	return got < 0 ? (int)got : 0;
}

static int segment_map(struct aspace *aspace, const struct image *image, const struct elf_load *load)
{
	uint64_t at = load->vaddr + image->bias, file_end = at + load->filesz, end = at + load->memsz;
	uint64_t file_pages = (file_end + PAGE_LOW) & ~PAGE_LOW, pages = (end + PAGE_LOW) & ~PAGE_LOW;
	struct region bss = { .kind = REGION_ANON, .prot = prot_of(load->flags) };
	int err = 0;

	if (load->filesz)
		err = file_part_map(aspace, image, load);
	else
		file_pages = at & ~PAGE_LOW;
	/* The last page's rest is the file's next bytes: zeroed where the program expects zeroes. */
	if (!err && load->filesz && end > file_end && (load->flags & ELF_WRITE) && (file_end & PAGE_LOW))
		err = clear_user(file_end, file_pages - file_end);
	if (!err && pages > file_pages) {
		int64_t got;

		bss.start = file_pages;
		got = aspace_map(aspace, &bss, pages - file_pages, true, true);
		err = got < 0 ? (int)got : 0;
	}
	return err;
}

/* Chooses the place of a relocatable file, and maps its segments. */
static int image_map(struct program *program, struct aspace *aspace, struct image *image, uint64_t base)
{
	const struct elf_program *elf = &image->elf;
	uint32_t i;
	int err = 0;

	if (elf->relocatable) {
		uint64_t align = elf->align > ISLE_PAGE_SIZE ? elf->align : ISLE_PAGE_SIZE;

		image->bias = ((base + align - 1) & ~(align - 1)) - elf->low;
	}
	for (i = 0; i < elf->nr_loads && !err; i++)
		err = segment_map(aspace, image, &elf->load[i]);
	return err ? program_fail(program, "a segment cannot be mapped", err) : 0;
}

/* Opens the interpreter by name, through the program's eyes, and reads its head. */
static int interp_read(struct program *program)
{
	const char *name = program->exe.elf.interp;
	isle_uva_t at = scratch_take(name, strlen(name) + 1);
	int64_t handle = at ? chan_isle_call(ISLE_CALL_EXEC_FILE, at, 0, 0, 0, 0, 0) : -ENOMEM;
	int err;

	scratch_give_back();
	err = handle <= 0 ? (int)(handle ? handle : -EIO) : filemap_take((int32_t)handle);
	if (err)
		return program_fail(program, "its interpreter cannot be opened", err);
	program->interp.handle = (int32_t)handle;
	err = image_read(program, &program->interp, size_read(program->interp.handle));
	return err == -ENOEXEC ? -ELIBBAD : err;
}

static int stack_map(struct program *program, struct process *process)
{
	uint64_t size = process->rlimit[RLIMIT_STACK][0];
	struct region model = { .kind = REGION_ANON, .prot = REGION_READ | REGION_WRITE };
	int64_t at;

	size = size < STACK_LEAST ? STACK_LEAST : size > STACK_MOST ? STACK_MOST : size;
	size &= ~PAGE_LOW;
	model.flags = REGION_F_STACK | REGION_F_SMALL_TOP;
	process->stack_top = ISLE_USER_TOP - 2 * ISLE_GRANULE_SIZE;
	model.start = process->stack_top - size;
	at = aspace_map(process->aspace, &model, size, true, false);
	if (at < 0)
		return program_fail(program, "no addresses for its stack", (int)at);
	/* What lies below is the mappings', with a gap that catches overflow. */
	process->aspace->mmap_top = model.start - ISLE_GRANULE_SIZE;
	return 0;
}

/* The spans of code and data, as /proc/self/stat tells them. */
static void spans_take(struct process *process, const struct image *program)
{
	uint32_t i;

	for (i = 0; i < program->elf.nr_loads; i++) {
		const struct elf_load *load = &program->elf.load[i];
		uint64_t start = load->vaddr + program->bias, end = start + load->filesz;

		if ((load->flags & ELF_EXEC) && !process->code_start) {
			process->code_start = start;
			process->code_end = end;
		}
		if (load->flags & ELF_WRITE) {
			process->data_start = process->data_start ? process->data_start : start;
			process->data_end = end;
		}
	}
}

int program_read(struct program **made, int32_t handle)
{
	const struct isle_exec *exec = window_at(ISLE_WINDOW_EXEC);
	struct program *program = *made = kzalloc(sizeof(*program));
	int err;

	if (!program)
		return -ENOMEM;
	program->exe.handle = handle;
	err = image_read(program, &program->exe, (int64_t)exec->file_size);
	if (!err && program->exe.elf.interp[0])
		err = interp_read(program);
	return err ? err : program_strings_read(program, process_current());
}

int program_map(struct program *program, struct trap_frame *frame)
{
	struct process *process = process_current();
	struct image *exe = &program->exe, *interp = program->interp.handle ? &program->interp : NULL;
	const struct image *first = interp ? interp : exe;
	int err;

	err = stack_map(program, process);
	if (!err && !process->scratch)
		err = scratch_make(process);
	if (!err)
		err = image_map(program, process->aspace, exe, PROGRAM_BASE);
	if (!err && interp)
		err = image_map(program, process->aspace, interp, process->aspace->mmap_top - ISLE_GRANULE_SIZE -
				(interp->elf.high - interp->elf.low));
	if (err)
		return err;
	vdso_map(process);
	process->brk_start = (exe->elf.high + exe->bias + PAGE_LOW) & ~PAGE_LOW;
	process->aspace->brk_start = process->aspace->brk = process->brk_start;
	spans_take(process, exe);
	frame->rip = first->elf.entry + first->bias;
	/* If it is not canonical, the way to ring 3 faults in the kernel. */
	if (frame->rip >= ISLE_USER_TOP)
		return program_fail(program, "its entry point lies outside the addresses of programs", -ENOEXEC);
	return program_stack_fill(program, process, &frame->rsp);
}

const char *program_why(const struct program *program)
{
	return program && program->why ? program->why : "no memory";
}

static void head_free(const struct image *image)
{
	if (image->head)
		frame_free(image->head, ELF_HEAD_SIZE / FRAME_SIZE);
}

void program_forget(struct program *program, int32_t handle)
{
	filemap_drop(handle);
	if (!program)
		return;
	if (program->interp.handle)
		filemap_drop(program->interp.handle);
	head_free(&program->exe);
	head_free(&program->interp);
	kfree(program->strings);
	kfree(program);
}

void program_load(struct trap_frame *frame)
{
	int32_t handle = ((const struct isle_exec *)window_at(ISLE_WINDOW_EXEC))->fd;
	struct process *process = process_current();
	struct program *program = NULL;
	int err = filemap_take(handle);

	if (!err)
		err = scratch_make(process);
	if (!err)
		err = program_read(&program, handle);
	if (!err)
		err = program_map(program, frame);
	if (err) {
		log_error("the program cannot be run: %s (error %d)", program_why(program), -err);
		process_exit(process, 126 << 8);
	}
	program_forget(program, handle);
}
