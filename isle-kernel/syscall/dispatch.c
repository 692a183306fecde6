// SPDX-License-Identifier: MIT
/*
 * dispatch.c - from a call's number to what answers it.
 */
#include <kern/syscall.h>

#include <arch/thread_layout.h>
#include <arch/trap.h>
#include <kern/cpu.h>
#include <kern/errno.h>
#include <kern/log.h>
#include <kern/thread.h>
#include <kern/usage.h>

#define SYS_RSEQ  334u

int64_t syscall_unknown(uint32_t nr)
{
	static uint64_t said[SYSCALL_NR / 64 + 1];
	uint64_t bit = 1ull << (nr % 64);

	counter_inc(SYSCALLS_UNKNOWN);
	/* Every C library asks for rseq and does without. */
	if (nr >= SYSCALL_NR || nr == SYS_RSEQ)
		log_debug("syscall: there is no call %u", nr);
	else if (!(__atomic_fetch_or(&said[nr / 64], bit, __ATOMIC_RELAXED) & bit))
		log_warn("syscall: %s (%u) is not there: ENOSYS",
			 syscall_table[nr].name ? syscall_table[nr].name : "a call without a name", nr);
	return -ENOSYS;
}

static int64_t call(uint32_t nr, const uint64_t arg[6])
{
	const struct syscall_row *row = nr < SYSCALL_NR ? &syscall_table[nr] : NULL;

	switch (row ? row->route : SYSCALL_NONE) {
	case SYSCALL_LOCAL:
	case SYSCALL_BOTH:
		counter_inc(SYSCALLS_LOCAL);
		return row->call(arg);
	case SYSCALL_FORWARD:
		return syscall_forward(nr, arg);
	default:
		return syscall_unknown(nr);
	}
}

void syscall_handle(struct trap_frame *frame)
{
	const uint64_t arg[6] = { frame->rdi, frame->rsi, frame->rdx, frame->r10, frame->r8, frame->r9 };
	struct thread *me = thread_current();
	uint32_t nr = (uint32_t)frame->error;
	int64_t result;

	me->frame = frame;
	usage_kernel_enter(me);
	result = call(nr, arg);
	usage_kernel_leave(me);
	if (me->work & THREAD_WORK_STRACE)
		syscall_trace(me->tid, nr, arg, result);
	/* rt_sigreturn has set all registers. */
	if (frame->vector == VECTOR_SYSCALL)
		frame->rax = (uint64_t)result;
	/* Nothing to be done, and no call that was broken off: back at once. */
	if ((me->work & THREAD_WORK_ANY) || (result < 0 && result >= -ERESTARTNOHAND && result <= -ERESTARTSYS))
		user_return(frame);
}
