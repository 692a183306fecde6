// SPDX-License-Identifier: MIT
/*
 * signal_linux.c - what Linux does about the program's signals: signalfd and stops.
 *
 * A signalfd is the proxy's, and reads what is pending for the proxy. So signals of the program's signalfds that
 * all its threads block are left pending with Linux, wherever they come from; the proxy takes them again as soon
 * as a thread would have them delivered. Signals of the kernel's own making (timers) are sent from interrupts, where
 * nothing can be forwarded: they stay on the isle.
 *
 * Locks: left_lock orders changes and what the proxy is told; then the process's.
 */
#include <kern/signal_linux.h>

#include <kern/chan.h>
#include <kern/errno.h>
#include <kern/process.h>
#include <kern/scratch.h>
#include <kern/signal.h>
#include <kern/thread.h>
#include <kern/waitq.h>

#include <isle/call.h>

enum { SYS_KILL = 62, SYS_RT_SIGQUEUEINFO = 129 };

/* Signals of signalfds that no thread would take now. Lock of the process held. */
static uint64_t left_now(const struct process *process)
{
	uint64_t set = process->sig_fd;
	struct list *link;

	list_for_each(link, &process->threads) {
		const struct thread *thread = list_entry(link, struct thread, process_link);

		if (!thread->leaving)
			set &= thread->sig_blocked & ~thread->sig_awaited;
	}
	return set;
}

/*
 * To the proxy as a whole: what a thread of it had pending alone, no descriptor would show. Linux lets only a
 * process's first thread say that a signal came from kill, so those are sent by kill.
 */
static int64_t send_to_linux(const struct process *process, const struct signal_info *info)
{
	uint64_t arg[6] = { process->pid, (uint64_t)info->signo };
	int64_t err;

	if (info->code >= 0 || info->code == SI_TKILL)
		return chan_call(SYS_KILL, arg, false, NULL);
	arg[2] = scratch_take(info, sizeof(*info));
	err = arg[2] ? scratch_call(SYS_RT_SIGQUEUEINFO, arg, 0) : -ENOMEM;
	scratch_give_back();
	return err;
}

/* What is pending here of signals that Linux has now goes there too. */
static void pending_hand_over(struct process *process, uint64_t set)
{
	struct signal_info info;

	while (signal_take(thread_current(), set, &info))
		send_to_linux(process, &info);
}

void signal_left_update(struct process *process)
{
	uint64_t set, old;

	if (!__atomic_load_n(&process->sig_fd, __ATOMIC_RELAXED))
		return;
	mutex_lock(&process->left_lock);
	spin_lock(&process->lock);
	set = left_now(process);
	old = process->sig_left;
	process->sig_left = set;
	spin_unlock(&process->lock);
	if (set != old)
		chan_isle_call(ISLE_CALL_SIGNALS_LEAVE, set, 0, 0, 0, 0, 0);
	if (set & ~old)
		pending_hand_over(process, set & ~old);
	mutex_unlock(&process->left_lock);
}

void signal_left_add(struct process *process, uint64_t set)
{
	spin_lock(&process->lock);
	process->sig_fd |= set & ~SIGNALS_HARD;
	spin_unlock(&process->lock);
	signal_left_update(process);
}

bool signal_left_send(struct process *process, const struct signal_info *info, int64_t *err)
{
	/* Who unblocks it meanwhile gets it from the proxy a moment later. */
	if (!(__atomic_load_n(&process->sig_left, __ATOMIC_RELAXED) & SIGNAL_BIT(info->signo)))
		return false;
	*err = send_to_linux(process, info);
	return true;
}

void process_stop(struct process *process, int signo)
{
	struct thread *me = thread_current();
	struct list *link;
	bool first;

	spin_lock(&process->lock);
	first = !process->stopped && !process->exiting;
	if (first) {
		process->stopped = true;
		list_for_each(link, &process->threads) {
			struct thread *thread = list_entry(link, struct thread, process_link);

			if (thread != me)
				thread_work_set(thread, THREAD_WORK_STOP);
		}
	}
	spin_unlock(&process->lock);
	if (!first)
		return;
	/* Returns at once if Linux does not stop it: nobody could let an orphaned group of processes go on. */
	chan_isle_call(ISLE_CALL_STOP, (uint64_t)signo, 0, 0, 0, 0, 0);
	spin_lock(&process->lock);
	process->stopped = false;
	spin_unlock(&process->lock);
	waitq_wake(&process->stop_queue, ~0u);
}

void process_stop_wait(struct process *process)
{
	struct waitq *queue = &process->stop_queue;

	spin_lock(&queue->lock);
	if (process->stopped && !process->exiting)
		waitq_wait(queue, WAIT_FOREVER, false);
	else
		spin_unlock(&queue->lock);
}
