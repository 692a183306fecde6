// SPDX-License-Identifier: MIT
/*
 * load.c - brings a program into its address space, as execve does (Linux, fs/binfmt_elf.c).
 *
 * The file is read through the proxy: its head into a frame of the program's memory, its segments
 * as private file mappings that are filled when they are touched. Strings that calls need lie on a
 * page of program memory of their own (process.scratch).
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
#include <kern/signal.h>
#include <kern/stack.h>
#include <kern/string.h>
#include <kern/thread.h>
#include <kern/uaccess.h>
#include <kern/vdso.h>

#include <arch/mmu.h>
#include <isle/call.h>
#include <isle/exec.h>

#define PAGE_LOW      (ISLE_PAGE_SIZE - 1)
/* Where relocatable programs and their interpreter go; Linux uses two thirds of its addresses. */
#define PROGRAM_BASE  0x355555400000ull
/* Larger parts of programs are read as they are touched. */
#define AT_ONCE_MOST  (1ull << 20)
#define STACK_LEAST   (1ull << 20)
#define STACK_MOST    (1ull << 30)
#define RLIMIT_STACK  3
#define SYS_FSTAT     5u
#define SYS_CLOSE     3u
#define SYS_OPENAT    257u
#define AT_FDCWD      ((uint64_t)-100)
/* Linux's struct stat: st_size. */
#define STAT_SIZE     144u
#define STAT_AT_SIZE  48u

enum {
	AT_PHDR = 3, AT_PHENT = 4, AT_PHNUM = 5, AT_PAGESZ = 6, AT_BASE = 7, AT_FLAGS = 8, AT_ENTRY = 9,
	AT_UID = 11, AT_EUID = 12, AT_GID = 13, AT_EGID = 14, AT_HWCAP = 16, AT_CLKTCK = 17,
	AT_SECURE = 23, AT_SYSINFO_EHDR = 33, AT_MINSIGSTKSZ = 51,
};

/* A file that is being loaded. */
struct image {
	int32_t handle;
	uint64_t size;
	uint64_t bias;
	isle_hpa_t head;         /* its first bytes; 0: none */
	struct elf_program elf;
};

static int fail(const char *what, int err)
{
	log_error("the program cannot be run: %s (error %d)", what, -err);
	return err;
}

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
 * Reads the head of the file, which has size bytes (or -errno), and parses it. The frames stay until all is loaded:
 * the program's first, given back at once they would make its memory one that was used.
 */
static int image_read(struct image *image, int32_t fd, int64_t size)
{
	isle_hpa_t hpa = frame_alloc(ELF_HEAD_SIZE / FRAME_SIZE, this_cpu()->node, FRAME_USER);
	const char *why = "its head cannot be read";
	int64_t got;
	int err;

	if (hpa == FRAME_NONE)
		return fail("no memory for its head", -ENOMEM);
	image->head = hpa;
	got = chan_isle_call(ISLE_CALL_FILL, (uint32_t)fd, 0, hpa_to_ipa(hpa), ELF_HEAD_SIZE, 0, 0);
	if (size < 0 || got < 0) {
		err = (int)(got < 0 ? got : size);
	} else if (got > ELF_HEAD_SIZE) {
		err = -EIO;   /* more than was asked for: the proxy errs */
	} else {
		image->size = (uint64_t)size;
		err = elf_parse(hpa_to_va(hpa), (size_t)got, image->size, &image->elf, &why);
	}
	return err ? fail(why, err) : 0;
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
static int image_map(struct aspace *aspace, struct image *image, uint64_t base)
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
	return err ? fail("a segment cannot be mapped", err) : 0;
}

/* Opens the interpreter by name, through the program's eyes, and keeps it. */
static int interp_open(struct image *interp, const char *name)
{
	uint64_t arg[6] = { AT_FDCWD };
	int64_t fd, handle;

	arg[1] = scratch_take(name, strlen(name) + 1);
	fd = arg[1] ? scratch_call(SYS_OPENAT, arg, 0) : -ENOMEM;
	scratch_give_back();
	if (fd < 0)
		return fail("its interpreter cannot be opened", (int)fd);
	handle = filemap_keep((int32_t)fd);
	memset(arg, 0, sizeof(arg));
	arg[0] = (uint64_t)fd;
	chan_call(SYS_CLOSE, arg, false, NULL);
	if (handle < 0)
		return fail("its interpreter cannot be kept open", (int)handle);
	interp->handle = (int32_t)handle;
	return image_read(interp, interp->handle, size_read(interp->handle));
}

static int stack_map(struct process *process)
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
		return fail("no addresses for its stack", (int)at);
	/* What lies below is the mappings', with a gap that catches overflow. */
	process->aspace->mmap_top = model.start - ISLE_GRANULE_SIZE;
	return 0;
}

static void aux_fill(struct stack_image *img, const struct process *process, const struct image *program,
		     const struct image *interp)
{
	const struct stack_aux aux[] = {
		{ AT_HWCAP, cpu_features.hwcap }, { AT_PAGESZ, ISLE_PAGE_SIZE }, { AT_CLKTCK, 100 },
		{ AT_PHDR, program->elf.phdr_vaddr + program->bias }, { AT_PHENT, 56 },
		{ AT_PHNUM, program->elf.phnum }, { AT_BASE, interp ? interp->bias : 0 }, { AT_FLAGS, 0 },
		{ AT_ENTRY, program->elf.entry + program->bias }, { AT_UID, process->uid },
		{ AT_EUID, process->euid }, { AT_GID, process->gid }, { AT_EGID, process->egid },
		{ AT_SECURE, 0 }, { AT_MINSIGSTKSZ, signal_frame_size() },
	};

	img->nr_aux = sizeof(aux) / sizeof(aux[0]);
	memcpy(img->aux, aux, sizeof(aux));
	/* A program does without it. */
	if (process->vdso)
		img->aux[img->nr_aux++] = (struct stack_aux){ AT_SYSINFO_EHDR, process->vdso };
}

/* As execve names a thread: the last part of the path, which is the last string of the exec block. */
static void name_take(struct thread *thread, const char *strings, size_t size)
{
	const char *end = strings + size - 1, *name = end;

	while (name > strings && name[-1] && name[-1] != '/')
		name--;
	memset(thread->name, 0, sizeof(thread->name));
	memcpy(thread->name, name, (size_t)(end - name) < sizeof(thread->name) ? (size_t)(end - name) :
						   sizeof(thread->name) - 1);
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

/* Builds the stack's contents in kernel memory and copies them. *sp gets the stack pointer. */
static int stack_fill(struct process *process, const struct image *program, const struct image *interp,
		      uint64_t *sp)
{
	const struct isle_exec *exec = window_at(ISLE_WINDOW_EXEC);
	struct stack_image *img = kzalloc(sizeof(*img));
	char *strings = NULL, *buf = NULL;
	uint32_t size = exec->strings_size;
	size_t total = 0;
	int err = -ENOMEM;

	if (size <= ISLE_EXEC_SIZE - sizeof(*exec))
		strings = kmalloc(size ? size : 1);
	if (img && strings) {
		memcpy(strings, exec + 1, size);
		img->strings = strings;
		img->strings_size = size;
		img->argc = exec->argc;
		img->envc = exec->envc;
		img->random = process->random;
		img->platform = "x86_64";
		img->top = process->stack_top;
		aux_fill(img, process, program, interp);
		total = stack_size(img);
		buf = total && total <= KMALLOC_MAX ? kmalloc(total) : NULL;
	}
	if (buf) {
		stack_build(img, buf, total);
		err = copy_to_user(img->sp, buf, total);
		*sp = img->sp;
		process->auxv = img->aux_at;
		process->auxv_size = img->aux_size;
		process->arg_start = img->arg_start;
		process->arg_end = img->arg_end;
		process->env_start = img->env_start;
		process->env_end = img->env_end;
		process->stack_start = img->sp;
		name_take(thread_current(), strings, size);
	}
	kfree(buf);
	kfree(strings);
	kfree(img);
	return err ? fail("its arguments do not fit", err) : 0;
}

static int load(struct process *process, struct image *program, struct image *interp, struct trap_frame *frame)
{
	const struct isle_exec *exec = window_at(ISLE_WINDOW_EXEC);
	bool dynamic;
	int err;

	err = stack_map(process);
	if (!err)
		err = scratch_make(process);
	program->handle = exec->fd;
	if (!err)
		err = filemap_adopt(program->handle);
	if (!err)
		err = image_read(program, program->handle, (int64_t)exec->file_size);
	if (!err)
		err = image_map(process->aspace, program, PROGRAM_BASE);
	dynamic = !err && program->elf.interp[0];
	if (dynamic)
		err = interp_open(interp, program->elf.interp);
	if (!err && dynamic) {
		uint64_t span = interp->elf.high - interp->elf.low;

		err = image_map(process->aspace, interp, process->aspace->mmap_top - span - ISLE_GRANULE_SIZE);
		filemap_drop(interp->handle);
	}
	if (err)
		return err;
	vdso_map(process);
	process->brk_start = (program->elf.high + program->bias + PAGE_LOW) & ~PAGE_LOW;
	process->aspace->brk_start = process->aspace->brk = process->brk_start;
	spans_take(process, program);
	frame->rip = dynamic ? interp->elf.entry + interp->bias : program->elf.entry + program->bias;
	/* If it is not canonical, the way to ring 3 faults in the kernel. */
	if (frame->rip >= ISLE_USER_TOP)
		return fail("its entry point lies outside the addresses of programs", -ENOEXEC);
	return stack_fill(process, program, dynamic ? interp : NULL, &frame->rsp);
}

void program_load(struct trap_frame *frame)
{
	struct process *process = process_current();
	struct image *images = kzalloc(2 * sizeof(*images));
	int err = images ? load(process, &images[0], &images[1], frame) : -ENOMEM;
	uint32_t i;

	for (i = 0; images && i < 2; i++)
		if (images[i].head)
			frame_free(images[i].head, ELF_HEAD_SIZE / FRAME_SIZE);
	kfree(images);
	if (err)
		process_exit(process, 126 << 8);
}
