// SPDX-License-Identifier: MIT
/*
 * arguments.c - what a program finds on its first stack: arguments and environment of the exec block, and what the
 * kernel tells it of itself.
 */
#include "program_priv.h"

#include <arch/cpu.h>
#include <kern/boot.h>
#include <kern/errno.h>
#include <kern/kmalloc.h>
#include <kern/process.h>
#include <kern/signal.h>
#include <kern/string.h>
#include <kern/thread.h>
#include <kern/uaccess.h>

#include <isle/exec.h>

/* Of the first stack, besides strings and pointers to them. */
#define STACK_REST    4096u

enum {
	AT_PHDR = 3, AT_PHENT = 4, AT_PHNUM = 5, AT_PAGESZ = 6, AT_BASE = 7, AT_FLAGS = 8, AT_ENTRY = 9,
	AT_UID = 11, AT_EUID = 12, AT_GID = 13, AT_EGID = 14, AT_HWCAP = 16, AT_CLKTCK = 17,
	AT_SECURE = 23, AT_SYSINFO_EHDR = 33, AT_MINSIGSTKSZ = 51,
};

static void aux_fill(struct stack_image *img, const struct process *process, const struct image *exe,
		     const struct image *interp)
{
	const struct stack_aux aux[] = {
		{ AT_HWCAP, cpu_features.hwcap }, { AT_PAGESZ, ISLE_PAGE_SIZE }, { AT_CLKTCK, 100 },
		{ AT_PHDR, exe->elf.phdr_vaddr + exe->bias }, { AT_PHENT, 56 },
		{ AT_PHNUM, exe->elf.phnum }, { AT_BASE, interp->bias }, { AT_FLAGS, 0 },
		{ AT_ENTRY, exe->elf.entry + exe->bias }, { AT_UID, process->uid },
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

int program_strings_read(struct program *program, struct process *process)
{
	const struct isle_exec *exec = window_at(ISLE_WINDOW_EXEC);
	uint32_t size = __atomic_load_n(&exec->strings_size, __ATOMIC_RELAXED);
	struct stack_image *img = &program->stack;
	uint64_t total;

	if (!size || size > ISLE_EXEC_SIZE - sizeof(*exec))
		return program_fail(program, "the exec block makes no sense", -EINVAL);
	program->strings = kmalloc(size);
	if (!program->strings)
		return program_fail(program, "no memory for its arguments", -ENOMEM);
	memcpy(program->strings, exec + 1, size);
	memcpy(process->random, exec->random, sizeof(process->random));
	img->strings = program->strings;
	img->strings_size = size;
	img->argc = exec->argc;
	img->envc = exec->envc;
	img->random = process->random;
	img->platform = "x86_64";
	/* What stack_size() will say, or a little more. */
	total = size + 8ull * img->argc + 8ull * img->envc + STACK_REST;
	return total <= KMALLOC_MAX ? 0 : program_fail(program, "its arguments do not fit", -E2BIG);
}

int program_stack_fill(struct program *program, struct process *process, uint64_t *sp)
{
	struct stack_image *img = &program->stack;
	size_t total;
	char *buf;
	int err;

	img->top = process->stack_top;
	aux_fill(img, process, &program->exe, &program->interp);
	total = stack_size(img);
	buf = total && total <= KMALLOC_MAX ? kmalloc(total) : NULL;
	if (!buf)
		return program_fail(program, "no memory for its arguments", -ENOMEM);
	stack_build(img, buf, total);
	err = copy_to_user(img->sp, buf, total);
	kfree(buf);
	*sp = img->sp;
	process->auxv = img->aux_at;
	process->auxv_size = img->aux_size;
	process->arg_start = img->arg_start;
	process->arg_end = img->arg_end;
	process->env_start = img->env_start;
	process->env_end = img->env_end;
	process->stack_start = img->sp;
	name_take(thread_current(), img->strings, img->strings_size);
	return err ? program_fail(program, "its arguments do not fit", err) : 0;
}
