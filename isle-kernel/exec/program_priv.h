/* SPDX-License-Identifier: MIT */
/*
 * program_priv.h - a program between reading and running: load.c has its files, arguments.c its first stack.
 */
#ifndef PROGRAM_PRIV_H
#define PROGRAM_PRIV_H

#include <stdint.h>

#include <isle/types.h>
#include <kern/elf.h>
#include <kern/stack.h>

struct process;

/* A file that is being loaded. */
struct image {
	int32_t handle;          /* held; 0: there is no such file */
	uint64_t size;
	uint64_t bias;
	isle_hpa_t head;         /* its first bytes; 0: none */
	struct elf_program elf;
};

struct program {
	struct image exe, interp;
	struct stack_image stack;
	char *strings;           /* of the exec block */
	const char *why;         /* if it failed: one clause */
};

/* Notes why, and returns err. */
static inline int program_fail(struct program *program, const char *why, int err)
{
	program->why = why;
	return err;
}

/* Takes the exec block's strings and random bytes, which the proxy may change at any time. 0 or -errno. */
int program_strings_read(struct program *program, struct process *process);
/* Copies the first stack, when all is mapped. *sp gets the stack pointer. 0 or -errno. */
int program_stack_fill(struct program *program, struct process *process, uint64_t *sp);

#endif
