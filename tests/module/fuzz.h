/* SPDX-License-Identifier: MIT */
/*
 * fuzz.h - between fuzz_ioctl.c, which runs processes and threads, and fuzz_args.c, which knows
 * the structs.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "isle.h"

#define FUZZ_FILES  4u

/* Of one worker process, shared by its threads without locks, as a careless program would. */
extern int fuzz_files[FUZZ_FILES];
extern int fuzz_image;
extern char *fuzz_shared;        /* 64 KiB of shared memory */

struct thread {
	uint64_t state;
	unsigned char *arena;    /* its own: 64 KiB good, then one read-only page, then nothing */
};

uint64_t rnd(struct thread *t);
uint32_t below(struct thread *t, uint32_t n);
/* One in n times. */
int rarely(struct thread *t, uint32_t n);

/* Mostly a place in the thread's arena, else one of many wrong ones. */
uint64_t pointer(struct thread *t, uint32_t good_at);
const char *some_cmdline(struct thread *t);
void fill(struct thread *t, unsigned long cmd, void *arg);

#endif
