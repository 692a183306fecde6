/* SPDX-License-Identifier: MIT */
/*
 * scratch.h - a page of program memory for calls that the kernel makes in the program's name:
 * paths, results.
 */
#ifndef KERN_SCRATCH_H
#define KERN_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

#include <isle/types.h>

#define SCRATCH_SIZE  4096u

struct process;

/* Maps the page. 0 or -errno. */
int scratch_make(struct process *process);
/*
 * Takes the current process's page, with size bytes copied to its beginning (data may be NULL). Its
 * address; 0 if they cannot be (the page is taken all the same). Others wait until it is given
 * back.
 */
isle_uva_t scratch_take(const void *data, size_t size);
void scratch_give_back(void);
/* Forwards a Linux call; results: bytes at the page's beginning that it may write. */
int64_t scratch_call(uint32_t nr, const uint64_t arg[6], size_t results);
/*
 * Reads a small file by its path: length, at most size - 1 and ended by NUL, or -errno. Takes the
 * page itself.
 */
int64_t scratch_read_file(const char *path, char *to, size_t size);

#endif
