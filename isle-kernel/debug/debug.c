// SPDX-License-Identifier: MIT
/*
 * debug.c - stopping and continuing the program for somebody on Linux.
 *
 * To stop, every thread gets debug_stop and THREAD_WORK_DEBUG; it parks on its way back to ring 3. A thread that is
 * blocked in a call is left alone: it cannot get past its own way back. So no call is broken off by a debugger. The
 * server is an ordinary thread of the process that never goes to ring 3.
 *
 * Lock: the process's for struct debug; a thread's debug_stop is written under it and read without.
 */
#include <kern/debug.h>

#include <arch/layout.h>
#include <arch/trap.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/cpuset.h>
#include <kern/errno.h>
#include <kern/ipi.h>
#include <kern/kmalloc.h>
#include <kern/process.h>
#include <kern/sched.h>
#include <kern/signal.h>
#include <kern/string.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/timer.h>

#include <isle/window.h>

#define NAP_NS    100000u       /* between looks at threads that are on their way to a stop */
#define QUIET_NS  5000000000ull /* then somebody computes in the kernel for too long */

static struct isle_debug *block_at(void)
{
	return window_at(ISLE_WINDOW_DEBUG);
}

static bool ends(const struct thread *me)
{
	return __atomic_load_n(&me->work, __ATOMIC_ACQUIRE) & THREAD_WORK_EXIT;
}

/* Lock held. Threads that run in ring 3 are interrupted; blocked ones notice when they go on. */
static void threads_stop(struct process *process)
{
	struct cpuset rows = { { 0 } };
	struct list *link;

	list_for_each(link, &process->threads) {
		struct thread *thread = list_entry(link, struct thread, process_link);

		if (thread == process->debug->server)
			continue;
		__atomic_store_n(&thread->debug_stop, true, __ATOMIC_RELAXED);
		__atomic_or_fetch(&thread->work, THREAD_WORK_DEBUG, __ATOMIC_SEQ_CST);
		if (thread->state == THREAD_RUNNABLE && thread->row != this_cpu()->row)
			cpuset_add(&rows, thread->row);
	}
	sched_kick(&rows);
}

/* Lock held. */
static void stop_begin(struct process *process, uint32_t tid, int signo, const struct signal_info *info, bool fatal)
{
	struct debug *debug = process->debug;

	debug->stopping = true;
	debug->stop_tid = tid;
	debug->stop_signo = (uint32_t)signo;
	debug->stop_fatal = fatal;
	memset(debug->stop_info, 0, sizeof(debug->stop_info));
	if (info)
		memcpy(debug->stop_info, info, sizeof(*info));
	threads_stop(process);
}

/* True if no thread but the server can be in ring 3. */
static bool quiet(struct process *process)
{
	struct list *link;
	bool all = true;

	spin_lock(&process->lock);
	list_for_each(link, &process->threads) {
		struct thread *thread = list_entry(link, struct thread, process_link);

		if (thread != process->debug->server && !__atomic_load_n(&thread->debug_parked, __ATOMIC_ACQUIRE) &&
		    thread->state == THREAD_RUNNABLE)
			all = false;
	}
	spin_unlock(&process->lock);
	return all;
}

static void nap(void)
{
	struct timer timer;

	timer_wake_at(&timer, thread_current(), time_ns() + NAP_NS);
	thread_block_prepare();
	thread_block();
	timer_cancel(&timer);
}

/* The stop is complete: says so to the proxy, once. */
static void stop_publish(struct process *process)
{
	struct debug *debug = process->debug;
	struct isle_debug *block = block_at();
	uint64_t end = time_ns() + QUIET_NS;

	while (!quiet(process) && time_ns() < end && !ends(debug->server))
		nap();
	debug->published = true;
	block->stop_tid = debug->stop_tid;
	block->stop_signo = debug->stop_signo;
	block->stop_fatal = debug->stop_fatal;
	memcpy(block->stop_info, debug->stop_info, sizeof(block->stop_info));
	__atomic_store_n(&block->stopped, 1, __ATOMIC_RELEASE);
	__atomic_store_n(&block->stops, block->stops + 1, __ATOMIC_RELEASE);
}

static int stop_asked(struct process *process)
{
	struct list *first;

	spin_lock(&process->lock);
	if (!process->debug->stopping) {
		first = process->threads.next;
		if (list_entry(first, struct thread, process_link) == process->debug->server)
			first = first->next;
		stop_begin(process, list_entry(first, struct thread, process_link)->tid, 0, NULL, false);
	}
	spin_unlock(&process->lock);
	if (!process->debug->published)
		stop_publish(process);
	return 0;
}

/*
 * The signal with which a stopped thread goes on: for the one that reported it this answers the report, another one
 * gets it anew. False if there is no such thread.
 */
static bool signal_give(struct process *process, uint32_t tid, int signo)
{
	const struct debug *debug = process->debug;
	struct thread *thread;

	if (!signo)
		return true;
	thread = debug_thread(process, tid);
	if (!thread)
		return false;
	if (debug->stop_tid == tid && debug->stop_signo && !thread->debug_held) {
		thread->debug_signo = (uint32_t)signo;
	} else {
		thread->debug_pass = (uint32_t)signo;
		signal_send_thread(thread, signo);
	}
	return true;
}

/* Lets all threads go, or only one; tid may get a signal and take a step. */
static int threads_continue(struct process *process, const struct isle_debug *block)
{
	uint32_t tid = block->tid, flags = block->flags, signo = block->arg;
	struct list *link;

	if (signo > PROCESS_NR_SIGNALS || !signal_give(process, tid, (int)signo))
		return -EINVAL;
	spin_lock(&process->lock);
	process->debug->stopping = false;
	process->debug->published = false;
	__atomic_store_n(&block_at()->stopped, 0, __ATOMIC_RELEASE);
	list_for_each(link, &process->threads) {
		struct thread *thread = list_entry(link, struct thread, process_link);

		if (thread == process->debug->server || ((flags & ISLE_DEBUG_F_ONLY) && thread->tid != tid))
			continue;
		if (thread->tid == tid)
			debug_step_set(thread, flags & ISLE_DEBUG_F_STEP);
		__atomic_store_n(&thread->debug_stop, false, __ATOMIC_RELEASE);
		if (__atomic_load_n(&thread->debug_parked, __ATOMIC_ACQUIRE))
			thread_wake(thread);
	}
	spin_unlock(&process->lock);
	return 0;
}

static void attach(struct process *process, bool attached)
{
	spin_lock(&process->lock);
	process->debug->attached = attached;
	spin_unlock(&process->lock);
}

static int request_run(struct process *process, struct isle_debug *block)
{
	uint32_t op = block->op;

	switch (op) {
	case ISLE_DEBUG_ATTACH:
		attach(process, true);
		return 0;
	case ISLE_DEBUG_DETACH:
		attach(process, false);
		/* Also if it runs: threads may have been kept back from a step of another one. */
		return threads_continue(process, block);
	case ISLE_DEBUG_STOP:
		return stop_asked(process);
	case ISLE_DEBUG_CONTINUE:
		return process->debug->stopping ? threads_continue(process, block) : -EBUSY;
	default:
		return process->debug->published ? debug_op(process, block, op) : -EBUSY;
	}
}

static __attribute__((noreturn)) void serve(struct process *process)
{
	struct isle_debug *block = block_at();
	struct debug *debug = process->debug;

	while (!ends(debug->server)) {
		uint32_t number = __atomic_load_n(&block->request, __ATOMIC_ACQUIRE);

		thread_block_prepare();
		if (debug->stopping && !debug->published) {
			stop_publish(process);
		} else if (number != block->done) {
			block->result = request_run(process, block);
			__atomic_store_n(&block->done, number, __ATOMIC_RELEASE);
		} else if (__atomic_load_n(&block->request, __ATOMIC_ACQUIRE) == number && !ends(debug->server)) {
			thread_block();
		}
	}
	thread_leave();
}

void debug_park(void)
{
	struct thread *me = thread_current();
	struct debug *debug = me->process->debug;

	__atomic_and_fetch(&me->work, ~THREAD_WORK_DEBUG, __ATOMIC_RELAXED);
	if (debug && me == debug->server)
		serve(me->process);
	if (!__atomic_load_n(&me->debug_stop, __ATOMIC_ACQUIRE))
		return;
	__atomic_store_n(&me->debug_parked, true, __ATOMIC_RELEASE);
	thread_wake(debug->server);
	while (__atomic_load_n(&me->debug_stop, __ATOMIC_ACQUIRE) && !ends(me)) {
		thread_block_prepare();
		if (__atomic_load_n(&me->debug_stop, __ATOMIC_ACQUIRE) && !ends(me))
			thread_block();
	}
	__atomic_store_n(&me->debug_parked, false, __ATOMIC_RELEASE);
}

void debug_hold(void)
{
	struct thread *me = thread_current();
	struct process *process = me->process;

	me->debug_hold = false;
	spin_lock(&process->lock);
	if (!process->debug->stopping)
		stop_begin(process, me->tid, SIGNAL_TRAP, NULL, false);
	spin_unlock(&process->lock);
	me->debug_held = true;
	debug_park();
	me->debug_held = false;
}

int debug_report(struct trap_frame *frame, int signo, const struct signal_info *info, bool fatal)
{
	struct thread *me = thread_current();
	struct process *process = me->process;
	struct debug *debug = process->debug;

	(void)frame;
	if (!debug)
		return signo;
	spin_lock(&process->lock);
	while (debug->stopping && !ends(me)) {
		/* Somebody else's stop comes first. */
		spin_unlock(&process->lock);
		debug_park();
		spin_lock(&process->lock);
	}
	if (me->debug_pass == (uint32_t)signo) {
		me->debug_pass = 0;
		spin_unlock(&process->lock);
		return signo;
	}
	if (ends(me) || !(fatal ? debug->core && !debug->attached : debug->attached)) {
		spin_unlock(&process->lock);
		return signo;
	}
	me->debug_signo = fatal ? (uint32_t)signo : 0;
	stop_begin(process, me->tid, signo, info, fatal);
	spin_unlock(&process->lock);
	debug_step_set(me, false);
	debug_park();
	return (int)__atomic_exchange_n(&me->debug_signo, 0, __ATOMIC_RELAXED);
}

bool debug_alone(const struct process *process)
{
	return process->nr_threads == 1 &&
	       process->debug->server->process_link.next == &process->threads;
}

void debug_inherit(struct process *process, struct thread *child)
{
	if (!process->debug->stopping)
		return;
	child->debug_stop = true;
	__atomic_or_fetch(&child->work, THREAD_WORK_DEBUG, __ATOMIC_RELAXED);
}

/* 0, or -ENOMEM. */
static int debug_make(struct process *process)
{
	struct trap_frame frame = { .cs = SEL_UCODE | 3, .ss = SEL_UDATA | 3 };
	struct debug *debug = kzalloc(sizeof(*debug));

	if (!debug)
		return -ENOMEM;
	debug->server = thread_create(process, &frame);
	if (!debug->server) {
		kfree(debug);
		return -ENOMEM;
	}
	debug->server->affinity = cpus_up;
	debug->server->sig_blocked = ~0ull;
	debug->server->work = THREAD_WORK_DEBUG;
	spin_lock(&process->lock);
	process->watched = true;
	spin_unlock(&process->lock);
	__atomic_store_n(&process->debug, debug, __ATOMIC_RELEASE);
	thread_start(debug->server);
	return 0;
}

int debug_start(struct process *process, struct thread *first)
{
	uint32_t wanted = block_at()->wanted;
	int err;

	if (!wanted)
		return 0;
	err = debug_make(process);
	if (err)
		return err;
	process->debug->core = wanted & ISLE_DEBUG_F_CORE;
	if (wanted & ISLE_DEBUG_F_HOLD)
		first->debug_hold = true;
	return 0;
}

void debug_doorbell(void)
{
	struct process *process = process_of_isle();
	struct isle_debug *block = block_at();

	if (!process || __atomic_load_n(&block->request, __ATOMIC_ACQUIRE) == block->done)
		return;
	if (!process->debug && debug_make(process)) {
		block->result = -ENOMEM;
		__atomic_store_n(&block->done, block->request, __ATOMIC_RELEASE);
		return;
	}
	thread_wake(process->debug->server);
}
