// SPDX-License-Identifier: MIT
/*
 * thread.c - making and ending threads.
 */
#include <kern/thread.h>

#include <arch/context.h>
#include <kern/chan.h>
#include <kern/cpu.h>
#include <kern/debug.h>
#include <kern/errno.h>
#include <kern/frame.h>
#include <kern/ipi.h>
#include <kern/kmalloc.h>
#include <kern/panic.h>
#include <kern/process.h>
#include <kern/sched.h>
#include <kern/signal.h>
#include <kern/string.h>
#include <kern/usage.h>

#include "runq_priv.h"
#include "task_priv.h"

/* Joins the process, which gives it an id. 0, or -EAGAIN when it takes no more. */
static int process_join(struct process *process, struct thread *thread)
{
	int err = 0;

	spin_lock(&process->lock);
	if (process->closed) {
		err = -EAGAIN;
	} else {
		thread->tid = process->nr_threads == 0 && process->next_tid == 0 ? process->pid :
			      THREAD_TID_BASE + process->next_tid;
		process->next_tid++;
		process->nr_threads++;
		list_add_tail(&process->threads, &thread->process_link);
		if (process->debug)
			debug_inherit(process, thread);
	}
	spin_unlock(&process->lock);
	return err;
}

static void process_leave(struct thread *thread)
{
	struct process *process = thread->process;

	spin_lock(&process->lock);
	list_remove(&thread->process_link);
	process->nr_threads--;
	spin_unlock(&process->lock);
}

/* Ended threads' stacks and extended state, for the next: making them anew is most of making a thread. */
#define KEPT_MAX  32u

static struct {
	struct spinlock lock;
	struct list list;       /* run_link */
	uint32_t nr;
} kept = { .list = LIST_INIT(kept.list) };

void thread_free(struct thread *thread)
{
	struct process *process = thread->process;

	spin_lock(&kept.lock);
	if (thread->fpu && kept.nr < KEPT_MAX) {
		list_add_head(&kept.list, &thread->run_link);
		kept.nr++;
		thread = NULL;
	}
	spin_unlock(&kept.lock);
	if (thread) {
		context_fini(thread);
		kfree(thread->stack);
		kfree(thread);
	}
	process_drop(process);
}

/* A thread of nothing but zeroes, or with the stack and area of an ended one. */
static struct thread *thread_alloc(void)
{
	struct thread *thread = NULL;
	void *stack, *fpu;

	spin_lock(&kept.lock);
	if (kept.nr) {
		thread = list_entry(kept.list.next, struct thread, run_link);
		list_remove(&thread->run_link);
		kept.nr--;
	}
	spin_unlock(&kept.lock);
	if (!thread)
		return kzalloc(sizeof(*thread));
	stack = thread->stack;
	fpu = thread->fpu;
	memset(thread, 0, sizeof(*thread));
	thread->stack = stack;
	thread->fpu = fpu;
	return thread;
}

struct thread *thread_create(struct process *process, const struct trap_frame *frame)
{
	struct thread *thread = thread_alloc();
	int slot;

	if (!thread)
		return NULL;
	list_init(&thread->run_link);
	list_init(&thread->wait_link);
	list_init(&thread->process_link);
	list_init(&thread->sig_queue);
	thread->process = process;
	thread->state = THREAD_NEW;
	/* Its mask is not known yet: no signal is to be waiting for it when it is. */
	thread->sig_blocked = ~0ull;
	if (!thread->stack)
		thread->stack = kmalloc(THREAD_STACK_SIZE);
	if (!thread->stack || context_init(thread, frame, sched_first)) {
		kfree(thread->stack);
		kfree(thread);
		return NULL;
	}
	if (__builtin_expect(priorities_used, false))
		ranked_inherit(thread);
	process_hold(process);
	if (process_join(process, thread)) {
		thread_free(thread);
		return NULL;
	}
	slot = chan_slot_take(thread->tid);
	if (slot < 0) {
		process_leave(thread);
		thread_free(thread);
		return NULL;
	}
	thread->slot = (uint32_t)slot;
	return thread;
}

void thread_start(struct thread *thread)
{
	uint32_t row = sched_place(&thread->affinity);

	kassert(row < ISLE_MAX_CPUS);
	sched_enqueue(thread, row);
}

void thread_discard(struct thread *thread)
{
	chan_slot_give_back(thread->slot);
	process_leave(thread);
	thread_free(thread);
}

/* Lock of the process held. */
static void end_tell(struct process *process)
{
	if (process->debug && debug_alone(process))
		thread_work_set(process->debug->server, THREAD_WORK_EXIT);
	if (process->ender)
		thread_wake(process->ender);
}

void thread_exit(void)
{
	struct thread *me = thread_current();
	struct process *process = me->process;
	bool last;

	chan_slot_give_back(me->slot);
	cpu_timers_leave(me);
	spin_lock(&process->lock);
	usage_thread_end(me);
	signal_queue_fini(&me->sig_queue);
	list_remove(&me->process_link);
	last = --process->nr_threads == 0;
	if (process->watched)
		end_tell(process);
	spin_unlock(&process->lock);
	if (last && !process->vfork)
		process_finish(process);
	me->state = THREAD_DEAD;
	sched_switch();
	panic("thread %u ran after its end", me->tid);
}

void thread_work_set(struct thread *thread, uint32_t bits)
{
	struct cpuset row = { { 0 } };

	__atomic_or_fetch(&thread->work, bits, __ATOMIC_RELEASE);
	thread_wake(thread);
	/* If it runs on another core in ring 3, an interrupt brings it into the kernel, where it looks. */
	if (thread->row != this_cpu()->row) {
		cpuset_add(&row, thread->row);
		sched_kick(&row);
	}
}
