/* SPDX-License-Identifier: MIT */
/*
 * lines.h - which cache lines of a piece of memory some code reads and writes: every access, by the processor's word.
 *
 * The memory is made inaccessible. Each access faults; the handler notes its line, opens that page, has the processor
 * execute the one instruction, and closes the page again. For one thread, which must not have SIGSEGV and SIGTRAP
 * blocked, and for instructions that touch one line of it: whoever else looks has a mapping of his own.
 */
#ifndef TEST_LINES_H
#define TEST_LINES_H

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define LINES_SIZE  64u
#define LINES_PAGE  4096u
#define LINES_TRAP  0x100   /* trap flag: Intel SDM vol. 1, "EFLAGS Register" */

enum { LINES_READ = 1, LINES_WRITE = 2 };

static struct {
	uint8_t *at;
	size_t size;
	uint8_t *seen;           /* LINES_* a line */
	uint8_t *open;           /* page that is open for one instruction */
	struct sigaction segv, trap;
} lines;

static inline void lines_fault(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	uint8_t *at = info->si_addr;

	(void)signo;
	if (at < lines.at || at >= lines.at + lines.size)
		abort();
	/* Bit 1 of the page fault's error code: a write. */
	lines.seen[(size_t)(at - lines.at) / LINES_SIZE] |=
		uc->uc_mcontext.gregs[REG_ERR] & 2 ? LINES_WRITE : LINES_READ;
	lines.open = (uint8_t *)((uintptr_t)at & ~(uintptr_t)(LINES_PAGE - 1));
	mprotect(lines.open, LINES_PAGE, PROT_READ | PROT_WRITE);
	uc->uc_mcontext.gregs[REG_EFL] |= LINES_TRAP;
}

static inline void lines_step(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)signo;
	(void)info;
	mprotect(lines.open, LINES_PAGE, PROT_NONE);
	uc->uc_mcontext.gregs[REG_EFL] &= ~(greg_t)LINES_TRAP;
}

/* From now on; at and size are of whole pages. */
static inline void lines_begin(void *at, size_t size)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO };

	lines.at = at;
	lines.size = size;
	lines.seen = calloc(size / LINES_SIZE, 1);
	if (!lines.seen)
		abort();
	sigfillset(&action.sa_mask);
	action.sa_sigaction = lines_fault;
	sigaction(SIGSEGV, &action, &lines.segv);
	action.sa_sigaction = lines_step;
	sigaction(SIGTRAP, &action, &lines.trap);
	mprotect(at, size, PROT_NONE);
}

/* Up to now. */
static inline void lines_end(void)
{
	mprotect(lines.at, lines.size, PROT_READ | PROT_WRITE);
	sigaction(SIGSEGV, &lines.segv, NULL);
	sigaction(SIGTRAP, &lines.trap, NULL);
}

/* What was done to the line at this place: LINES_*, or 0. Once: asking again gives 0. */
static inline unsigned int lines_of(size_t offset)
{
	unsigned int seen = lines.seen[offset / LINES_SIZE];

	lines.seen[offset / LINES_SIZE] = 0;
	return seen;
}

/* Lines that nobody has asked for; frees what was noted. */
static inline unsigned int lines_left(void)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < lines.size / LINES_SIZE; i++)
		n += lines.seen[i] != 0;
	free(lines.seen);
	lines.seen = NULL;
	return n;
}

#endif
