// SPDX-License-Identifier: MIT
/*
 * process.c - the program's beginning and end.
 *
 * The exec block says as whom to run. The first thread is made with empty registers; it loads the
 * program itself (exec/load.c) before it goes to ring 3 for the first time, because loading
 * forwards calls and these need a thread that can wait.
 */
#include <kern/process.h>

#include <arch/layout.h>
#include <arch/trap.h>
#include <kern/aspace.h>
#include <kern/boot.h>
#include <kern/debug.h>
#include <kern/errno.h>
#include <kern/futex.h>
#include <kern/ipi.h>
#include <kern/kmalloc.h>
#include <kern/log.h>
#include <kern/panic.h>
#include <kern/signal.h>
#include <kern/stop.h>
#include <kern/string.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/uaccess.h>
#include <kern/vfork.h>

#include <isle/exec.h>

#define FLAGS_USER  0x202u   /* IF, and the bit that is always set */

static struct process *the_process;

struct process *process_of_isle(void)
{
	return __atomic_load_n(&the_process, __ATOMIC_ACQUIRE);
}

/* The proxy may write here at any time, so each field is read once, into the process. */
static void identity_take(struct process *process, const struct isle_exec *exec)
{
	uint32_t i;

	process->pid = exec->pid;
	process->ppid = exec->ppid;
	process->pgid = exec->pgid;
	process->sid = exec->sid;
	process->uid = exec->uid;
	process->euid = exec->euid;
	process->gid = exec->gid;
	process->egid = exec->egid;
	memcpy(process->rlimit, exec->rlimit, sizeof(process->rlimit));
	memcpy(process->random, exec->random, sizeof(process->random));
	for (i = 0; i < PROCESS_NR_SIGNALS; i++)
		if (exec->sigignored >> i & 1)
			process->action[i].handler = SIGNAL_IGN;
}

struct process *process_alloc(void)
{
	struct process *process = kzalloc(sizeof(*process));

	if (!process)
		return NULL;
	process->refs = 1;
	list_init(&process->threads);
	list_init(&process->sig_queue);
	mutex_init(&process->scratch_lock);
	mutex_init(&process->left_lock);
	waitq_init(&process->stop_queue);
	waitq_init(&process->exec_queue);
	list_init(&process->cpu_timers.list);
	process->start_ns = time_ns();
	return process;
}

static struct process *process_make(const struct isle_exec *exec)
{
	struct process *process = process_alloc();

	if (!process)
		return NULL;
	identity_take(process, exec);
	process->aspace = aspace_create();
	if (process->aspace)
		return process;
	kfree(process);
	return NULL;
}

bool process_has_thread(struct process *process, uint32_t tid)
{
	struct list *link;
	bool found = false;

	spin_lock(&process->lock);
	list_for_each(link, &process->threads)
		found = found || list_entry(link, struct thread, process_link)->tid == tid;
	spin_unlock(&process->lock);
	return found;
}

void process_free(struct process *process)
{
	signal_queue_fini(&process->sig_queue);
	kfree(process->vfork);
	kfree(process);
}

struct process *process_memory(struct process *process)
{
	return process->vfork ? process->vfork->lender : process;
}

bool process_wanted(void)
{
	const struct isle_exec *exec = window_at(ISLE_WINDOW_EXEC);

	return __atomic_load_n(&exec->magic, __ATOMIC_ACQUIRE) == ISLE_EXEC_MAGIC;
}

int process_start(void)
{
	const struct isle_exec *exec = window_at(ISLE_WINDOW_EXEC);
	struct trap_frame frame = { .cs = SEL_UCODE | 3, .ss = SEL_UDATA | 3, .rflags = FLAGS_USER };
	struct process *process;
	struct thread *thread;

	if (!process_wanted())
		return -ENOENT;
	if (exec->revision != ISLE_ABI_REVISION) {
		log_error("process: the exec block is of another ABI revision");
		return -EINVAL;
	}
	process = process_make(exec);
	thread = process ? thread_create(process, &frame) : NULL;
	if (!thread) {
		log_error("process: no memory to begin with");
		return -ENOMEM;
	}
	thread->affinity = cpus_up;
	thread->sig_blocked = exec->sigblocked & ~SIGNALS_HARD;
	thread->work = THREAD_WORK_START;
	if (exec->flags & ISLE_EXEC_F_STRACE)
		thread->work |= THREAD_WORK_STRACE;
	if (debug_start(process, thread)) {
		log_error("process: no memory for its debugger");
		return -ENOMEM;
	}
	__atomic_store_n(&the_process, process, __ATOMIC_RELEASE);
	thread_start(thread);
	return 0;
}

void process_exit(struct process *process, int wait_status)
{
	struct list *link;

	spin_lock(&process->lock);
	if (!process->exiting) {
		process->exiting = process->closed = true;
		process->wait_status = wait_status;
		list_for_each(link, &process->threads)
			thread_work_set(list_entry(link, struct thread, process_link), THREAD_WORK_EXIT);
	}
	spin_unlock(&process->lock);
	waitq_wake(&process->stop_queue, ~0u);
}

void process_finish(struct process *process)
{
	isle_stop(process->wait_status);
}

void thread_leave(void)
{
	struct thread *me = thread_current();
	struct process *process = me->process;
	uint32_t zero = 0;

	signal_leave(me);
	/* At the program's end too: others may have the same memory mapped. */
	futex_robust_release(me);
	if (!process->exiting) {
		futex_owner_gone(me->tid);
		if (me->clear_child_tid && put_user(&zero, me->clear_child_tid) == 0)
			futex_wake_anywhere(me->clear_child_tid, 1);
	}
	if (process->vfork)
		vfork_leave();
	thread_exit();
}
