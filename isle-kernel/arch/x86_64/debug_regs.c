// SPDX-License-Identifier: MIT
/*
 * debug_regs.c - registers of a stopped thread, in the order of Linux's struct user_regs_struct.
 *
 * A stopped thread is off its core or in the kernel; its ring 3 registers lie at the top of its kernel stack,
 * where every way in puts them (context.S, vectors.S).
 */
#include <kern/debug.h>

#include <arch/context.h>
#include <arch/layout.h>
#include <arch/thread_layout.h>
#include <arch/trap.h>
#include <isle/window.h>
#include <kern/thread.h>

#define FLAG_TF  0x100ull
/* Flags that a debugger may set: those that the program may have by its own doing (Linux, FLAG_MASK in ptrace.c). */
#define FLAGS_DEBUG  0x00050dd5ull

static struct trap_frame *frame_of(const struct thread *thread)
{
	return (struct trap_frame *)(uintptr_t)thread->kernel_sp - 1;
}

void debug_regs_get(const struct thread *thread, struct isle_debug_regs *r)
{
	const struct trap_frame *f = frame_of(thread);

	*r = (struct isle_debug_regs){
		.r15 = f->r15, .r14 = f->r14, .r13 = f->r13, .r12 = f->r12, .rbp = f->rbp, .rbx = f->rbx, .r11 = f->r11,
		.r10 = f->r10, .r9 = f->r9, .r8 = f->r8, .rax = f->rax, .rcx = f->rcx, .rdx = f->rdx, .rsi = f->rsi,
		.rdi = f->rdi, .orig_rax = f->vector == VECTOR_SYSCALL ? f->error : ~0ull, .rip = f->rip, .cs = f->cs,
		.eflags = f->rflags, .rsp = f->rsp, .ss = f->ss, .fs_base = thread->fs_base, .gs_base = thread->gs_base,
	};
}

void debug_regs_set(struct thread *thread, const struct isle_debug_regs *r)
{
	struct trap_frame *f = frame_of(thread);

	f->r15 = r->r15, f->r14 = r->r14, f->r13 = r->r13, f->r12 = r->r12, f->rbp = r->rbp, f->rbx = r->rbx;
	f->r11 = r->r11, f->r10 = r->r10, f->r9 = r->r9, f->r8 = r->r8, f->rax = r->rax, f->rcx = r->rcx;
	f->rdx = r->rdx, f->rsi = r->rsi, f->rdi = r->rdi, f->rsp = r->rsp;
	/* An address that is not canonical would fault in the kernel's own IRETQ. */
	if (r->rip < ISLE_USER_TOP)
		f->rip = r->rip;
	f->rflags = (f->rflags & ~FLAGS_DEBUG) | (r->eflags & FLAGS_DEBUG);
	if (r->fs_base < ISLE_USER_TOP)
		thread->fs_base = r->fs_base;
	if (r->gs_base < ISLE_USER_TOP)
		thread->gs_base = r->gs_base;
	/* As with ptrace: no call in work any more means nothing to be made again. */
	if (r->orig_rax == ~0ull && f->vector == VECTOR_SYSCALL)
		f->vector = 0;
}

void debug_step_set(struct thread *thread, bool on)
{
	struct trap_frame *f = frame_of(thread);

	if (on)
		f->rflags |= FLAG_TF;
	else
		f->rflags &= ~FLAG_TF;
}
