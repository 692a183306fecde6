// SPDX-License-Identifier: MIT
/*
 * trap.c - what to do about exceptions and interrupts.
 *
 * Interrupts are acknowledged first, because a handler may leave for good (stop, panic). Whatever
 * vector comes is counted; one that nobody asked for changes nothing else. Exceptions of the kernel
 * are a fixup's business or a panic.
 */
#include <arch/trap.h>

#include <arch/cpu.h>
#include <arch/lapic.h>
#include <arch/regs.h>
#include <arch/thread_layout.h>
#include <isle/window.h>
#include <kern/chan.h>
#include <kern/cpu.h>
#include <kern/debug.h>
#include <kern/ipi.h>
#include <kern/log.h>
#include <kern/panic.h>
#include <kern/sched.h>
#include <kern/signal.h>
#include <kern/stop.h>
#include <kern/thread.h>
#include <kern/timer.h>
#include <plat/plat.h>

#include "arch_priv.h"

extern const struct trap_fixup trap_fixups_start[], trap_fixups_end[];

/* Intel SDM vol. 3, table 6-1. */
static const char *const exception_names[VECTOR_FIRST_INTERRUPT] = {
	"divide error", "debug exception", "NMI", "breakpoint", "overflow", "bound range exceeded",
	"invalid opcode", "device not available", "double fault", "coprocessor segment overrun",
	"invalid TSS", "segment not present", "stack fault", "general protection fault",
	"page fault", "exception 15", "x87 error", "alignment check", "machine check",
	"SIMD error", "virtualization exception", "control protection exception",
	"exception 22", "exception 23", "exception 24", "exception 25", "exception 26",
	"exception 27", "hypervisor injection", "VMM communication", "security exception",
	"exception 31",
};

void trap_registers_print(const struct trap_frame *f)
{
	log_error("  rax %016lx rbx %016lx rcx %016lx rdx %016lx", f->rax, f->rbx, f->rcx, f->rdx);
	log_error("  rsi %016lx rdi %016lx rbp %016lx rsp %016lx", f->rsi, f->rdi, f->rbp, f->rsp);
	log_error("  r8  %016lx r9  %016lx r10 %016lx r11 %016lx", f->r8, f->r9, f->r10, f->r11);
	log_error("  r12 %016lx r13 %016lx r14 %016lx r15 %016lx", f->r12, f->r13, f->r14, f->r15);
	log_error("  rip %016lx cs %02lx rflags %06lx ss %02lx", f->rip, f->cs, f->rflags, f->ss);
	log_error("  cr0 %08lx cr2 %016lx cr3 %012lx cr4 %06lx", cr0_read(), cr2_read(), cr3_read(),
		  cr4_read());
}

static uint64_t fixup_find(uint64_t from)
{
	const struct trap_fixup *f;

	for (f = trap_fixups_start; f < trap_fixups_end; f++)
		if (f->from == from)
			return f->to;
	return 0;
}

/*
 * Goes on where the fixup says, if there is one for the instruction or, if it could not be fetched,
 * for its caller.
 */
static bool fixup_apply(struct trap_frame *frame)
{
	uint64_t to = fixup_find(frame->rip);

	if (!to && frame->vector == VECTOR_PAGE_FAULT && (frame->error & PF_INSTRUCTION)) {
		to = fixup_find(*(uint64_t *)frame->rsp);
		if (to)
			frame->rsp += 8;
	}
	if (!to)
		return false;
	frame->rip = to;
	return true;
}

/* The kernel touched program memory that is not there yet, at a place that has a fixup. */
static bool user_access_fill(const struct trap_frame *frame, uint64_t addr)
{
	if (frame->vector != VECTOR_PAGE_FAULT || addr >= ISLE_USER_TOP || !fixup_find(frame->rip))
		return false;
	if (!thread_current() || thread_current()->peeking)
		return false;
	return page_fault_fill(addr, frame->error) == 0;
}

static void exception_handle(struct trap_frame *frame)
{
	uint64_t addr = frame->vector == VECTOR_PAGE_FAULT ? cr2_read() : 0;

	counter_inc(EXCEPTIONS);
	if (frame->cs & 3) {
		user_exception(frame, addr);
		return;
	}
	if (user_access_fill(frame, addr) || fixup_apply(frame))
		return;
	panic_trap(frame, exception_names[frame->vector], addr);
}

static void nmi_handle(void)
{
	counter_inc(INTERRUPTS);
	if (panic_stops_me())
		plat_park(ISLE_CPU_DEAD);
	counter_inc(FOREIGN);
}

static void interrupt_handle(uint32_t vector)
{
	counter_inc(INTERRUPTS);
	if (vector == ISLE_VECTOR_SPURIOUS) {
		counter_inc(FOREIGN);
		return;
	}
	lapic_eoi();
	switch (vector) {
	case ISLE_VECTOR_DOORBELL:
		counter_inc(DOORBELLS_IN);
		if (plat->rung)
			plat->rung();
		doorbell_answer();
		chan_doorbell();
		if (this_cpu()->row == 0) {
			signals_receive();
			debug_doorbell();
		}
		break;
	case ISLE_VECTOR_CALL:
		counter_inc(IPIS_IN);
		ipi_poll();
		break;
	case ISLE_VECTOR_RESCHED:
		counter_inc(IPIS_IN);
		sched_notice();
		break;
	case ISLE_VECTOR_TIMER:
		counter_inc(TIMER_INTERRUPTS);
		timer_interrupt();
		break;
	default:
		counter_inc(FOREIGN);
	}
}

/* What it costs the program is counted; in the kernel it is part of what the kernel costs. */
static void interrupt_take(const struct trap_frame *frame, uint32_t vector)
{
	uint64_t start = tsc_read();

	interrupt_handle(vector);
	if (frame->cs & 3)
		counter_add(INTERRUPT_TSC, tsc_read() - start);
}

void trap_handle(struct trap_frame *frame)
{
	uint32_t vector = (uint32_t)frame->vector & 0xff;

	percpu_add(&this_cpu()->counters->vector[vector], 1);
	if (vector >= VECTOR_FIRST_INTERRUPT)
		interrupt_take(frame, vector);
	else if (vector == VECTOR_NMI)
		nmi_handle();
	else
		exception_handle(frame);
	/* On a stack for faults there is no way to another thread; see user_exception. */
	if ((frame->cs & 3) && !trap_has_stack(vector) && (thread_current()->work & THREAD_WORK_ANY))
		user_return(frame);
}
