/* SPDX-License-Identifier: MIT */
/*
 * trap.h - what the processor and vectors.S leave on the stack, and how faults are recovered from.
 */
#ifndef ARCH_TRAP_H
#define ARCH_TRAP_H

#include <stdbool.h>
#include <stdint.h>

struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rdi, rsi, rbp, rbx, rdx, rcx, rax;
	uint64_t vector, error;
	/* Pushed by the processor. */
	uint64_t rip, cs, rflags, rsp, ss;
};

/* Called by vectors.S for each exception and interrupt, with interrupts off. */
void trap_handle(struct trap_frame *frame);

/*
 * Before every way back to ring 3: does what the thread's work asks for. The registers that the
 * program will have are in *frame. May run other threads, and may not return.
 */
void user_return(struct trap_frame *frame);

/* A system call that has a whole frame; the result goes to frame->rax. */
void syscall_handle(struct trap_frame *frame);

/* Writes the registers to the log. */
void trap_registers_print(const struct trap_frame *frame);

/*
 * Accesses that may fault: true if they did not. What faulted is counted as an exception and
 * otherwise forgotten.
 */
bool probe_read(const void *addr, uint64_t *value);
bool probe_write(void *addr, uint64_t value);
/* Calls code at addr (a RET is enough). */
bool probe_exec(const void *addr);
/* Raises an exception of each kind that needs no memory: true if it was recovered from. */
bool probe_divide(void);
bool probe_invalid(void);

/* Load-time table: instructions that may fault, and where to go on if they do. */
struct trap_fixup {
	uint64_t from;
	uint64_t to;
};

#endif
