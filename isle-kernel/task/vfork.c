// SPDX-License-Identifier: MIT
/*
 * vfork.c - a child that borrows its parent's memory: from vfork to exec or _exit.
 *
 * The child is a process of its own (signal actions, mask, identity, limits are copies) with the
 * lender's address space and one thread, which may run on any core while the thread that made it
 * waits. Its first call makes the Linux process that is the child for everybody else; all calls on
 * its slot are made there from then on. What is left on the isle when that process has become
 * another program is nothing: the thread ends.
 *
 * vfork(2): only the calling thread waits, and no signal ends that wait. If the whole program ends or becomes another
 * one meanwhile it waits a while longer, so that the child can get as far as its exec; then the child is killed.
 */
#include <kern/vfork.h>

#include <arch/trap.h>
#include <kern/chan.h>
#include <kern/errno.h>
#include <kern/exec.h>
#include <kern/kmalloc.h>
#include <kern/log.h>
#include <kern/process.h>
#include <kern/signal.h>
#include <kern/string.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/uaccess.h>

#include <isle/call.h>

/* How long a program that ends waits for a child on its way to exec, and how often it looks. */
#define LINGER_NS  1000000000ull
#define LOOK_NS    100000000ull

/* What a child has of its lender: memory, identity, limits, and what signals do. Timers it has none. */
static void process_copy(struct process *process, struct process *lender)
{
	process->pid = process->ppid = lender->pid;   /* its own it learns when it begins */
	process->pgid = lender->pgid;
	process->sid = lender->sid;
	process->aspace = lender->aspace;
	process->scratch = lender->scratch;
	process->arg_start = lender->arg_start;
	process->arg_end = lender->arg_end;
	process->env_start = lender->env_start;
	process->env_end = lender->env_end;
	process->brk_start = lender->brk_start;
	process->stack_top = lender->stack_top;
	process->vdso = lender->vdso;
	memcpy(process->random, lender->random, sizeof(process->random));
	spin_lock(&lender->lock);
	process->uid = lender->uid;
	process->euid = lender->euid;
	process->gid = lender->gid;
	process->egid = lender->egid;
	memcpy(process->action, lender->action, sizeof(process->action));
	memcpy(process->rlimit, lender->rlimit, sizeof(process->rlimit));
	spin_unlock(&lender->lock);
}

static struct process *process_lend(struct process *lender, const struct clone_args *args)
{
	struct process *process = process_alloc();
	struct vfork *vfork = kzalloc(sizeof(*vfork));
	uint32_t i;

	if (!process || !vfork) {
		kfree(process);
		kfree(vfork);
		return NULL;
	}
	process_copy(process, lender);
	vfork->lender = lender;
	vfork->args = *args;
	waitq_init(&vfork->queue);
	process->vfork = vfork;
	for (i = 0; args->flags & CLONE_CLEAR_SIGHAND && i < PROCESS_NR_SIGNALS; i++)
		if (process->action[i].handler != SIGNAL_IGN)
			process->action[i] = (struct signal_action){ .handler = SIGNAL_DFL };
	return process;
}

/* Until the child has let go of the memory. */
static int64_t child_await(struct process *process)
{
	struct thread *me = thread_current();
	struct vfork *vfork = process->vfork;
	uint64_t linger = 0;
	bool over;

	for (;;) {
		spin_lock(&vfork->queue.lock);
		over = vfork->over;
		if (over)
			spin_unlock(&vfork->queue.lock);
		else
			waitq_wait(&vfork->queue, time_ns() + LOOK_NS, false);
		if (__atomic_load_n(&me->work, __ATOMIC_RELAXED) & THREAD_WORK_EXIT)
			linger += LOOK_NS;
		if (over)
			return vfork->result;
		if (linger == LINGER_NS)
			process_exit(process, SIGNAL_KILL);
		/* If the isle ends the child does, too; an exec must wait until it has let go of the memory. */
		if (linger > LINGER_NS && me->process->exiting)
			return -EINTR;
	}
}

int64_t vfork_make(const struct clone_args *args)
{
	struct thread *me = thread_current(), *child;
	struct trap_frame frame = *me->frame;
	struct process *process;
	int64_t result;

	if (args->flags & CLONE_SETTLS && args->tls >= ISLE_USER_TOP)
		return -EPERM;
	if (me->process->vfork) {
		log_warn("vfork: a child of vfork cannot have one itself");
		return -EAGAIN;
	}
	process = process_lend(me->process, args);
	if (!process)
		return -ENOMEM;
	frame.rax = 0;
	if (args->stack)
		frame.rsp = args->stack + args->stack_size;
	child = thread_create(process, &frame);
	if (!child) {
		process_drop(process);
		return -EAGAIN;
	}
	clone_inherit(child, args);
	child->work |= THREAD_WORK_START;
	thread_start(child);
	result = child_await(process);
	process_drop(process);
	return result;
}

void vfork_begin(void)
{
	struct thread *me = thread_current();
	struct process *process = me->process;
	struct vfork *vfork = process->vfork;
	const struct clone_args *args = &vfork->args;
	bool pidfd = args->flags & CLONE_PIDFD;
	uint32_t tid;

	if (pidfd)
		syscall_present(args->pidfd, sizeof(uint32_t));
	vfork->result = chan_isle_call(ISLE_CALL_SPAWN, args->exit_signal, args->flags & CLONE_PIDFD,
				       pidfd ? args->pidfd : 0, 0, 0, 0);
	if (vfork->result <= 0) {
		vfork_gone();
		return;
	}
	tid = process->pid = me->tid = (uint32_t)vfork->result;
	/* As on Linux, a bad address is found out too late to be told. */
	if (args->flags & CLONE_PARENT_SETTID)
		(void)put_user(&tid, args->parent_tid);
	if (args->flags & CLONE_CHILD_SETTID)
		(void)put_user(&tid, args->child_tid);
}

static uint64_t ignored_set(struct process *process)
{
	uint64_t set = 0;
	uint32_t i;

	spin_lock(&process->lock);
	for (i = 0; i < PROCESS_NR_SIGNALS; i++)
		if (process->action[i].handler == SIGNAL_IGN)
			set |= 1ull << i;
	spin_unlock(&process->lock);
	return set;
}

int64_t vfork_exec(int32_t dirfd, uint64_t path, uint64_t argv, uint64_t envp, uint32_t flags)
{
	struct thread *me = thread_current();
	int err = exec_present(path, argv, envp);

	if (err)
		return err;
	return chan_isle_call(ISLE_CALL_EXEC, (uint32_t)dirfd | (uint64_t)flags << 32, path, argv, envp,
			      me->sig_blocked, ignored_set(me->process));
}

void vfork_gone(void)
{
	struct process *process = process_current();

	if (!process->vfork)
		return;
	process->vfork->gone = true;
	process_exit(process, 0);
}

void vfork_leave(void)
{
	struct process *process = process_current();
	struct vfork *vfork = process->vfork;

	if (!vfork->gone)
		chan_isle_call(ISLE_CALL_LEAVE, (uint64_t)process->wait_status, 0, 0, 0, 0, 0);
	spin_lock(&vfork->queue.lock);
	vfork->over = true;
	spin_unlock(&vfork->queue.lock);
	waitq_wake(&vfork->queue, 1);
}
