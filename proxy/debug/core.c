// SPDX-License-Identifier: MIT
/*
 * core.c - an ELF file with a note for each thread and a part for each mapping (Linux, fs/binfmt_elf.c,
 * elf_core_dump).
 *
 * Anonymous pages that the program never touched stay holes, so that dumping costs it no memory. Code is listed
 * without contents: debuggers read it from its file. Other mappings of files are written whole, because what the
 * dynamic linker relocated and then protected looks like what nobody changed.
 */
#include "core.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/procfs.h>
#include <unistd.h>

#include <isle/window.h>

#define PAGE         4096u
#define REGIONS_MOST 60000u   /* program headers are counted in 16 bits */
#define FX_XCR0      464u     /* where Linux leaves XCR0 in the area, for debuggers */
#define NOTE_NAME    8u       /* "CORE" or "LINUX", NUL, padded */

struct core {
	struct target *target;
	const struct target_stop *stop;
	const char *name;
	int fd;
	struct isle_debug_region *region;
	size_t nr_regions;
	uint8_t *notes;
	size_t notes_size, notes_room;
	uint64_t room;            /* bytes that may still be written */
	int err;                  /* the first thing that went wrong */
};

static void note_add(struct core *core, const char *owner, uint32_t type, const void *data, size_t size)
{
	Elf64_Nhdr head = { .n_namesz = (uint32_t)strlen(owner) + 1, .n_descsz = (uint32_t)size, .n_type = type };
	size_t padded = (size + 3) & ~(size_t)3, need = core->notes_size + sizeof(head) + NOTE_NAME + padded;
	char name[NOTE_NAME] = "";

	if (core->err)
		return;
	if (need > core->notes_room) {
		uint8_t *more = realloc(core->notes, need * 2);

		if (!more) {
			core->err = -ENOMEM;
			return;
		}
		core->notes = more;
		core->notes_room = need * 2;
	}
	memcpy(name, owner, strlen(owner));
	memcpy(core->notes + core->notes_size, &head, sizeof(head));
	memcpy(core->notes + core->notes_size + sizeof(head), name, NOTE_NAME);
	memset(core->notes + core->notes_size + sizeof(head) + NOTE_NAME, 0, padded);
	memcpy(core->notes + core->notes_size + sizeof(head) + NOTE_NAME, data, size);
	core->notes_size = need;
}

/*
 * What the area of this size holds: Intel SDM vol. 1, 13.4 (standard format) and 13.5. AMD's has no room for MPX, so
 * that with AVX-512 it is 2432 bytes instead of 2688.
 */
static uint64_t xcr0_of(int size)
{
	if (size >= 2432)
		return 0xe7; /* x87, SSE, AVX, AVX-512 */
	return size >= 832 ? 7 : 3;
}

static void thread_notes(struct core *core, const struct isle_debug_thread *thread)
{
	struct elf_prstatus status = { 0 };
	uint8_t fpu[TARGET_FPU_MAX];
	struct isle_debug_regs regs;
	uint64_t xcr0;
	int n = target_regs(core->target, thread->tid, &regs);

	if (n == 0)
		n = target_fpu(core->target, thread->tid, fpu);
	if (n < 0) {
		core->err = n;
		return;
	}
	status.pr_info.si_signo = (int)core->stop->signo;
	status.pr_cursig = (short)core->stop->signo;
	status.pr_sigpend = thread->sigpending;
	status.pr_sighold = thread->sigblocked;
	status.pr_pid = (pid_t)thread->tid;
	status.pr_ppid = getppid();
	status.pr_pgrp = getpgrp();
	status.pr_sid = getsid(0);
	status.pr_fpvalid = 1;
	memcpy(&status.pr_reg, &regs, sizeof(status.pr_reg));
	xcr0 = xcr0_of(n);
	memcpy(fpu + FX_XCR0, &xcr0, sizeof(xcr0));
	note_add(core, "CORE", NT_PRSTATUS, &status, sizeof(status));
	note_add(core, "CORE", NT_FPREGSET, fpu, 512);
	if (n > 512)
		note_add(core, "LINUX", NT_X86_XSTATE, fpu, (size_t)n);
}

/* The thread that died comes first: debuggers take it for the current one. */
static void threads_notes(struct core *core)
{
	struct isle_debug_thread threads[TARGET_THREADS_MAX];
	int i, n = target_threads(core->target, threads);

	if (n < 0)
		core->err = n;
	for (i = 0; i < n && !core->err; i++)
		if (threads[i].tid == core->stop->tid)
			thread_notes(core, &threads[i]);
	for (i = 0; i < n && !core->err; i++)
		if (threads[i].tid != core->stop->tid)
			thread_notes(core, &threads[i]);
}

static void process_notes(struct core *core)
{
	struct elf_prpsinfo info = { .pr_sname = 'R', .pr_pid = getpid(), .pr_ppid = getppid() };
	const char *base = strrchr(core->name, '/');
	uint8_t auxv[ISLE_DEBUG_DATA];
	int n;

	snprintf(info.pr_fname, sizeof(info.pr_fname), "%s", base ? base + 1 : core->name);
	snprintf(info.pr_psargs, sizeof(info.pr_psargs), "%s", core->name);
	note_add(core, "CORE", NT_PRPSINFO, &info, sizeof(info));
	note_add(core, "CORE", NT_SIGINFO, core->stop->info, sizeof(core->stop->info));
	n = target_auxv(core->target, auxv);
	if (n > 0)
		note_add(core, "CORE", NT_AUXV, auxv, (size_t)n);
}

/* What the isle says of a mapping is believed if it lies behind the one before it, in the program's addresses. */
static bool region_sound(const struct isle_debug_region *r, uint64_t from)
{
	return !((r->start | r->end) & (PAGE - 1)) && r->start >= from && r->start < r->end && r->end <= ISLE_USER_TOP;
}

static void regions_read(struct core *core)
{
	struct isle_debug_region part[TARGET_REGIONS_MAX];
	uint64_t from = 0;
	int n;

	do {
		struct isle_debug_region *more;
		int i;

		n = target_regions(core->target, from, part);
		if (n <= 0)
			break;
		for (i = 0; i < n; i++) {
			if (!region_sound(&part[i], from)) {
				core->err = -EPROTO;
				return;
			}
			from = part[i].end;
		}
		more = realloc(core->region, (core->nr_regions + (size_t)n) * sizeof(*more));
		if (!more || core->nr_regions + (size_t)n > REGIONS_MOST) {
			core->region = more ? more : core->region;
			core->err = -ENOMEM;
			return;
		}
		core->region = more;
		memcpy(more + core->nr_regions, part, (size_t)n * sizeof(*more));
		core->nr_regions += (size_t)n;
	} while (n == (int)TARGET_REGIONS_MAX);
	if (n < 0)
		core->err = n;
}

static uint64_t size_in_file(const struct isle_debug_region *r)
{
	return !(r->prot & 1) || (r->file && (r->prot & 4)) ? 0 : r->end - r->start;
}

static void put(struct core *core, const void *data, size_t size, uint64_t at)
{
	/* Holes cost nothing, so what counts is what is written. */
	if (!core->err && size > core->room)
		core->err = -EFBIG;
	core->room -= core->err ? 0 : size;
	while (size && !core->err) {
		ssize_t n = pwrite(core->fd, data, size, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			core->err = n < 0 ? -errno : -EIO;
			return;
		}
		data = (const char *)data + n;
		at += (uint64_t)n;
		size -= (size_t)n;
	}
}

/* Headers and notes; *data gets where the first mapping's bytes go. */
static void heads_write(struct core *core, uint64_t *data)
{
	size_t count = core->nr_regions + 1, i;
	uint64_t notes_at = sizeof(Elf64_Ehdr) + count * sizeof(Elf64_Phdr), at;
	Elf64_Ehdr head = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_CORE, .e_machine = EM_X86_64, .e_version = EV_CURRENT, .e_phoff = sizeof(head),
		.e_ehsize = sizeof(head), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = (uint16_t)count,
	};
	Elf64_Phdr *part = calloc(count, sizeof(*part));

	if (!part) {
		core->err = -ENOMEM;
		return;
	}
	at = *data = (notes_at + core->notes_size + PAGE - 1) & ~(uint64_t)(PAGE - 1);
	part[0] = (Elf64_Phdr){ .p_type = PT_NOTE, .p_offset = notes_at, .p_filesz = core->notes_size, .p_align = 4 };
	for (i = 0; i < core->nr_regions; i++) {
		const struct isle_debug_region *r = &core->region[i];

		part[i + 1] = (Elf64_Phdr){
			.p_type = PT_LOAD, .p_offset = at, .p_vaddr = r->start, .p_filesz = size_in_file(r),
			.p_memsz = r->end - r->start, .p_align = PAGE,
			.p_flags = (r->prot & 1 ? PF_R : 0u) | (r->prot & 2 ? PF_W : 0u) | (r->prot & 4 ? PF_X : 0u),
		};
		at += size_in_file(r);
	}
	put(core, &head, sizeof(head), 0);
	put(core, part, count * sizeof(*part), sizeof(head));
	put(core, core->notes, core->notes_size, notes_at);
	if (!core->err && ftruncate(core->fd, (off_t)at))
		core->err = -errno;
	free(part);
}

static void memory_write(struct core *core, uint64_t at)
{
	uint8_t page[PAGE];
	size_t i;

	for (i = 0; i < core->nr_regions && !core->err; i++) {
		const struct isle_debug_region *r = &core->region[i];
		uint64_t off;

		for (off = 0; off < size_in_file(r) && !core->err; off += PAGE) {
			/* Pages of files that were not touched are read: nobody else knows where they come from. */
			int n = target_read(core->target, r->start + off, page, PAGE, !r->file);

			if (n == -ESHUTDOWN || n == -ETIME)
				core->err = n;
			else if (n == (int)PAGE)
				put(core, page, PAGE, at + off);
		}
		at += size_in_file(r);
	}
}

int core_write(struct target *target, const struct target_stop *stop, const char *path, const char *name,
	       uint64_t limit)
{
	struct core core = { .target = target, .stop = stop, .name = name, .room = limit };
	uint64_t data = 0;

	core.fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (core.fd < 0)
		return -errno;
	regions_read(&core);
	process_notes(&core);
	threads_notes(&core);
	if (!core.err)
		heads_write(&core, &data);
	if (!core.err)
		memory_write(&core, data);
	close(core.fd);
	if (core.err)
		unlink(path);
	free(core.notes);
	free(core.region);
	return core.err;
}
