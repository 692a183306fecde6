/* SPDX-License-Identifier: MIT */
/*
 * context.h - what a thread is to the processor: stacks, extended state, segment bases.
 */
#ifndef ARCH_CONTEXT_H
#define ARCH_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/types.h>

struct thread;
struct trap_frame;

/* Finds out how extended state is saved on these cores. Once, on row 0, before there are threads. */
void context_setup(void);
/* Brings a core into the state that threads expect (XCR0, MSRs of SYSCALL). On each core. */
void context_setup_cpu(void);

/*
 * Prepares a thread to begin: on its stack lies *frame, the registers it will have in ring 3, and
 * it first calls first(). 0 or -ENOMEM.
 */
int context_init(struct thread *thread, const struct trap_frame *frame, void (*first)(void));
void context_fini(struct thread *thread);
/* The child of clone has its parent's extended state. */
void context_copy_fpu(struct thread *to, const struct thread *from);

/* Saves what the running thread has in registers that the kernel does not use; loads the next one's. */
void context_leave(struct thread *thread);
void context_enter(struct thread *thread);

/* XCR0 and the size of a thread's area; XCR0 0: the area is FXSAVE's. */
extern uint64_t context_xcr0;
extern uint32_t context_fpu_size;

/*
 * The running thread's extended state: to its area, to the state of a new program, from its area
 * (false if the processor refuses what is there; the state is then that of a new program).
 */
void context_fpu_save(struct thread *thread);
void context_fpu_reset(struct thread *thread);
bool context_fpu_restore(struct thread *thread);

/*
 * Replaces the first size bytes of a stopped thread's area, by way of the running thread's state, which is lost: false,
 * and nothing changed, if the processor refuses it.
 */
bool context_fpu_put(struct thread *thread, const void *state, uint32_t size);

/* Segment bases of the running thread. */
void context_fs_set(isle_uva_t base);
void context_gs_set(isle_uva_t base);
isle_uva_t context_fs_get(void);
isle_uva_t context_gs_get(void);

/*
 * Goes on at sp, which was saved likewise; *save gets where this context goes on. Registers are the
 * compiler's to keep: it knows that all of them change.
 */
static inline void context_switch(uint64_t *save, uint64_t sp)
{
	__asm__ volatile(
		"pushq %%rbp\n\t"
		"leaq 1f(%%rip), %%rax\n\t"
		"pushq %%rax\n\t"
		"movq %%rsp, (%0)\n\t"
		"movq %1, %%rsp\n\t"
		"ret\n"
		"1:\tpopq %%rbp"
		: "+D"(save), "+S"(sp) :: "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
		  "r15", "memory", "cc");
}

#endif
