// SPDX-License-Identifier: MIT
/*
 * trap_user.c - exceptions of the program: pages that are to be filled, and what becomes a signal.
 *
 * Signal numbers and codes are Linux's (arch/x86/kernel/traps.c); the mapping is by vector.
 */
#include "arch_priv.h"
#include "ring3.h"

#include <arch/context.h>
#include <arch/lapic.h>
#include <arch/regs.h>
#include <arch/thread_layout.h>
#include <arch/trap.h>
#include <kern/aspace.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/errno.h>
#include <kern/log.h>
#include <kern/process.h>
#include <kern/signal.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/uaccess.h>
#include <kern/usage.h>

/* In the image of FXSAVE and XSAVE. */
#define FCW_AT      0
#define FSW_AT      2
#define MXCSR_AT    24
#define OPCODE_INT  0xcd   /* INT imm8 */

/* FPE codes by the exception bit of MXCSR or the x87 status word, lowest first. */
static const uint8_t fpe_codes[6] = { FPE_FLTINV, FPE_FLTUND, FPE_FLTDIV, FPE_FLTOVF, FPE_FLTUND, FPE_FLTRES };

/* What the instruction found is read from the saved state (Intel SDM vol. 1, table 10-2): every core can save it. */
static int fpe_code(uint32_t vector)
{
	struct thread *me = thread_current();
	const uint8_t *state;
	uint32_t found, masked, i;

	context_fpu_save(me);
	state = me->fpu;
	if (vector == VECTOR_SIMD) {
		found = *(const uint32_t *)(state + MXCSR_AT);
		masked = found >> 7;
	} else {
		found = *(const uint16_t *)(state + FSW_AT);
		masked = *(const uint16_t *)(state + FCW_AT);
	}
	for (i = 0; i < 6; i++)
		if ((found & ~masked) >> i & 1)
			return fpe_codes[i];
	return 0;
}

static uint32_t access_of(uint64_t error)
{
	if (error & PF_WRITE)
		return ACCESS_WRITE;
	return error & PF_INSTRUCTION ? ACCESS_EXEC : ACCESS_READ;
}

int page_fault_fill(uint64_t addr, uint64_t error)
{
	counter_inc(PAGE_FAULTS);
	thread_current()->faults++;
	return aspace_fault(process_current()->aspace, addr, access_of(error));
}

static void page_fault(struct trap_frame *frame, uint64_t addr)
{
	int err = page_fault_fill(addr, frame->error);

	switch (err) {
	case 0:
		return;
	case -EACCES:
		signal_force(SIGNAL_SEGV, SEGV_ACCERR, addr);
		return;
	case -EIO:
		signal_force(SIGNAL_BUS, BUS_ADRERR, addr);
		return;
	case -ENOMEM:
		log_error("the program is ended: the isle's memory is used up (more with --mem), and it touches %#lx",
			  (unsigned long)addr);
		signal_force(SIGNAL_KILL, 0, addr);
		return;
	default:
		signal_force(SIGNAL_SEGV, SEGV_MAPERR, addr);
	}
}

/* A system call that came as a fault (ISLE_BOOT_F_SOFT_SYSCALL): the frame is made what the entry makes it. */
static bool soft_syscall(struct trap_frame *frame, uint64_t addr)
{
	if (frame->vector != VECTOR_PAGE_FAULT || addr != (uint64_t)(uintptr_t)syscall_entry || frame->rip != addr)
		return false;
	frame->rip = frame->rcx;
	frame->rflags = frame->r11;
	if (frame->rax < SYSCALL_NR && syscall_table[frame->rax].route == SYSCALL_LEAF) {
		frame->rax = (uint64_t)syscall_leaf[frame->rax](frame->rdi, frame->rsi, frame->rdx);
		return true;
	}
	frame->vector = VECTOR_SYSCALL;
	frame->error = frame->rax;
	syscall_handle(frame);
	return true;
}

/* Where ring 0 is emulated (ISLE_BOOT_F_SOFT_SYSCALL): true if it was no exception of the program's. */
static bool soft_exception(struct trap_frame *frame, uint64_t addr)
{
	uint8_t code;

	ring3_exception(frame);
	/* INT with a vector that is not for programs is a protection fault, which the emulator gives as this. */
	if (frame->vector == VECTOR_OPCODE && get_user(&code, frame->rip) == 0 && code == OPCODE_INT)
		frame->vector = VECTOR_PROTECTION;
	return soft_syscall(frame, addr);
}

static void exception_answer(struct trap_frame *frame, uint64_t addr)
{
	uint32_t vector = (uint32_t)frame->vector;

	switch (vector) {
	case VECTOR_PAGE_FAULT:
		page_fault(frame, addr);
		return;
	case VECTOR_DIVIDE:
		signal_force(SIGNAL_FPE, FPE_INTDIV, frame->rip);
		return;
	case VECTOR_X87:
	case VECTOR_SIMD:
		signal_force(SIGNAL_FPE, fpe_code(vector), frame->rip);
		return;
	case VECTOR_OPCODE:
		signal_force(SIGNAL_ILL, ILL_ILLOPN, frame->rip);
		return;
	case VECTOR_BREAKPOINT:
		signal_force(SIGNAL_TRAP, SI_KERNEL, 0);
		return;
	case VECTOR_DEBUG:
		signal_force(SIGNAL_TRAP, TRAP_TRACE, frame->rip);
		return;
	case VECTOR_ALIGNMENT:
		signal_force(SIGNAL_BUS, BUS_ADRALN, 0);
		return;
	case VECTOR_SEGMENT:
	case VECTOR_STACK:
		signal_force(SIGNAL_BUS, SI_KERNEL, 0);
		return;
	default:
		signal_force(SIGNAL_SEGV, SI_KERNEL, 0);
	}
}

void user_exception(struct trap_frame *frame, uint64_t addr)
{
	struct thread *me = thread_current();

	if (boot->flags & ISLE_BOOT_F_SOFT_SYSCALL && soft_exception(frame, addr))
		return;
	usage_kernel_enter(me);
	me->fault_vector = frame->vector;
	me->fault_error = frame->error;
	me->fault_addr = addr;
	exception_answer(frame, addr);
	usage_kernel_leave(me);
}
