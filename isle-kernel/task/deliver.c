// SPDX-License-Identifier: MIT
/*
 * deliver.c - what happens before a thread goes back to the program: end, other core, other thread,
 * signals.
 *
 * A call that a signal broke off left -ERESTART* as its result: it is made again unless a handler
 * runs that does not want it (Linux, arch/x86/kernel/signal.c).
 */
#include <arch/trap.h>
#include <arch/thread_layout.h>
#include <kern/debug.h>
#include <kern/errno.h>
#include <kern/load.h>
#include <kern/log.h>
#include <kern/process.h>
#include <kern/sched.h>
#include <kern/signal.h>
#include <kern/signal_linux.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/usage.h>
#include <kern/vfork.h>

#include <isle/window.h>

#define SYSCALL_LENGTH  2u   /* of the instruction */

static bool broken_off(const struct trap_frame *frame)
{
	int64_t result = (int64_t)frame->rax;

	return frame->vector == VECTOR_SYSCALL && result <= -ERESTARTSYS && result >= -ERESTARTNOHAND;
}

static void call_again(struct trap_frame *frame)
{
	frame->rax = frame->error;
	frame->rip -= SYSCALL_LENGTH;
	frame->vector = 0;
}

static void call_settle(struct trap_frame *frame, const struct signal_action *action)
{
	int64_t result = (int64_t)frame->rax;

	if (!broken_off(frame))
		return;
	if (result == -ERESTARTNOINTR || (result == -ERESTARTSYS && (action->flags & SA_RESTART)))
		call_again(frame);
	else
		frame->rax = (uint64_t)-EINTR;
}

static void handler_run(struct trap_frame *frame, const struct signal_action *action,
			const struct signal_info *info)
{
	struct thread *me = thread_current();
	uint64_t mask = me->sig_restore ? me->sig_saved : me->sig_blocked, during;

	me->sig_restore = false;
	call_settle(frame, action);
	/* It could not be jumped to: the kernel's own IRETQ would fault. A fault of the program's, as on Linux. */
	if (action->handler >= ISLE_USER_TOP) {
		signal_mask_set(mask);
		if (info->signo == SIGNAL_SEGV)
			process_exit(me->process, SIGNAL_SEGV);
		else
			signal_force(SIGNAL_SEGV, SI_KERNEL, 0);
		return;
	}
	if (signal_frame_push(frame, action, info, mask)) {
		/* No stack for the handler: Linux ends the process by SIGSEGV. */
		log_warn("signal: no room for the frame of signal %d at %#lx", info->signo,
			 (unsigned long)frame->rsp);
		process_exit(me->process, SIGNAL_SEGV);
		return;
	}
	during = me->sig_blocked | action->mask;
	if (!(action->flags & SA_NODEFER))
		during |= SIGNAL_BIT(info->signo);
	signal_mask_set(during);
}

static struct signal_action action_take(struct process *process, int signo)
{
	struct signal_action action;

	spin_lock(&process->lock);
	action = process->action[signo - 1];
	if ((action.flags & SA_RESETHAND) && action.handler > SIGNAL_IGN)
		process->action[signo - 1].handler = SIGNAL_DFL;
	spin_unlock(&process->lock);
	return action;
}

static bool stops(int signo)
{
	return signo == SIGNAL_STOP || signo == SIGNAL_TSTP || signo == SIGNAL_TTIN || signo == SIGNAL_TTOU;
}

/* Linux, SIG_KERNEL_COREDUMP_MASK. */
static bool dumps_core(int signo)
{
	static const uint64_t set = SIGNAL_BIT(3) | SIGNAL_BIT(SIGNAL_ILL) | SIGNAL_BIT(SIGNAL_TRAP) | SIGNAL_BIT(6) |
				    SIGNAL_BIT(SIGNAL_BUS) | SIGNAL_BIT(SIGNAL_FPE) | SIGNAL_BIT(SIGNAL_SEGV) |
				    SIGNAL_BIT(24) | SIGNAL_BIT(25) | SIGNAL_BIT(31);

	return SIGNAL_BIT(signo) & set;
}

static void default_run(struct process *process, const struct signal_info *info)
{
	if (stops(info->signo)) {
		process_stop(process, info->signo);
		return;
	}
	if (info->signo == SIGNAL_SEGV || info->signo == SIGNAL_BUS || info->signo == SIGNAL_ILL ||
	    info->signo == SIGNAL_FPE)
		log_info("process: signal %d, code %d, address %#lx", info->signo, info->code,
			 (unsigned long)info->fault.addr);
	process_exit(process, info->signo);
}

void signal_deliver(struct trap_frame *frame)
{
	struct thread *me = thread_current();
	struct process *process = me->process;
	struct signal_info info;
	int signo;

	__atomic_and_fetch(&me->work, ~THREAD_WORK_SIGNAL, __ATOMIC_RELAXED);
	while ((signo = signal_take(me, ~me->sig_blocked, &info)) != 0) {
		struct signal_action action = action_take(process, signo);

		spin_lock(&process->lock);
		if (action.handler <= SIGNAL_IGN && signal_ignored(process, signo)) {
			spin_unlock(&process->lock);
			continue;
		}
		spin_unlock(&process->lock);
		if (process->debug && signo != SIGNAL_KILL) {
			int instead = debug_report(frame, signo, &info, false);

			if (!instead)
				continue;
			if (instead != signo) {
				me->debug_pass = (uint32_t)instead;
				signal_send_thread(me, instead);
				continue;
			}
		}
		if (action.handler > SIGNAL_IGN) {
			handler_run(frame, &action, &info);
			continue;
		}
		if (process->debug && dumps_core(signo))
			debug_report(frame, signo, &info, true);
		default_run(process, &info);
		if (process->exiting)
			return;
	}
	if (me->sig_restore) {
		me->sig_restore = false;
		signal_mask_set(me->sig_saved);
	}
}

/* The mask has several words, and another thread may write them now. */
static struct cpuset allowed_cores(struct thread *me)
{
	struct cpuset allowed;

	spin_lock(&me->process->lock);
	allowed = me->affinity;
	spin_unlock(&me->process->lock);
	return allowed;
}

static void migrate(struct thread *me)
{
	const struct cpuset allowed = allowed_cores(me);

	sched_migrate_current(&allowed);
}

/* The slice is over: to a core without threads, or the next one's turn. */
static void slice_end(struct thread *me)
{
	const struct cpuset allowed = allowed_cores(me);

	if (sched_spread(&allowed) || sched_yield_to_next())
		me->switches_forced++;
}

void user_return(struct trap_frame *frame)
{
	struct thread *me = thread_current();
	uint32_t work;

	while ((work = __atomic_load_n(&me->work, __ATOMIC_ACQUIRE) & THREAD_WORK_ANY) != 0) {
		if (work & THREAD_WORK_EXIT)
			thread_leave();
		if (work & THREAD_WORK_STOP) {
			__atomic_and_fetch(&me->work, ~THREAD_WORK_STOP, __ATOMIC_RELAXED);
			process_stop_wait(me->process);
		} else if (work & THREAD_WORK_START) {
			__atomic_and_fetch(&me->work, ~THREAD_WORK_START, __ATOMIC_RELAXED);
			usage_kernel_enter(me);
			if (me->process->vfork)
				vfork_begin();
			else
				program_load(frame);
			usage_kernel_leave(me);
			if (me->debug_hold)
				debug_hold();
		} else if (work & THREAD_WORK_DEBUG) {
			debug_park();
		} else if (work & THREAD_WORK_MIGRATE) {
			__atomic_and_fetch(&me->work, ~THREAD_WORK_MIGRATE, __ATOMIC_RELAXED);
			migrate(me);
		} else if (work & THREAD_WORK_RESCHED) {
			__atomic_and_fetch(&me->work, ~THREAD_WORK_RESCHED, __ATOMIC_RELAXED);
			slice_end(me);
		} else {
			signal_deliver(frame);
		}
	}
	if (broken_off(frame))
		call_again(frame);
}
