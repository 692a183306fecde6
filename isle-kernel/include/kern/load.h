/* SPDX-License-Identifier: MIT */
/*
 * load.h - the program that the exec block names, brought into its address space.
 */
#ifndef KERN_LOAD_H
#define KERN_LOAD_H

#include <stdint.h>

struct program;
struct trap_frame;

/*
 * Called by the first thread before it goes to ring 3: maps the program, its interpreter and its
 * stack, and makes *frame begin there. If that fails the process ends as a shell says it: 126 << 8.
 */
void program_load(struct trap_frame *frame);

/*
 * The same in steps, for execve. program_read takes arguments from the exec block and what must be known of the files:
 * handle is the program's, held by the caller. Nothing of the process changes but its random bytes. 0, or -errno as
 * execve has it. *program may be there even if it failed.
 */
int program_read(struct program **program, int32_t handle);
/* Into an address space without anything, for the calling thread, which is alone: *frame begins there. 0 or -errno. */
int program_map(struct program *program, struct trap_frame *frame);
/* Why one of them failed, in one clause. */
const char *program_why(const struct program *program);
/* Frees it and gives the files back. program may be NULL. */
void program_forget(struct program *program, int32_t handle);

#endif
