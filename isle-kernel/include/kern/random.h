/* SPDX-License-Identifier: MIT */
/*
 * random.h - random bytes for the program.
 */
#ifndef KERN_RANDOM_H
#define KERN_RANDOM_H

#include <stddef.h>

struct process;

/* Fills the buffer from the generator that Linux's random bytes of the exec block have seeded. */
void random_fill(struct process *process, void *to, size_t size);

#endif
