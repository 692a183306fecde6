// SPDX-License-Identifier: MIT
/*
 * sys_task.c - threads: making them, ending them, what they know of themselves.
 */
#include <arch/context.h>
#include <arch/trap.h>
#include <kern/aspace.h>
#include <kern/calls.h>
#include <kern/errno.h>
#include <kern/ipi.h>
#include <kern/process.h>
#include <kern/sched.h>
#include <kern/signal.h>
#include <kern/string.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/uaccess.h>
#include <kern/vfork.h>

/* Every flag that Linux's clone3 knows: none in the low byte, where clone has the signal. */
#define SYSCALL_FORK  57u
#define CLONE3_FLAGS  0x3ffffff00ull
#define THREAD_NEEDS  (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)
/* What a child of vfork may not share, and what it must. */
#define VFORK_NOT     (CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)
#define VFORK_NEEDS   (CLONE_VM | CLONE_VFORK)

void clone_inherit(struct thread *child, const struct clone_args *args)
{
	const struct thread *me = thread_current();

	child->affinity = me->affinity;
	child->sig_blocked = me->sig_blocked;
	child->policy = me->policy;
	child->fs_base = args->flags & CLONE_SETTLS ? args->tls : context_fs_get();
	child->gs_base = context_gs_get();
	__atomic_or_fetch(&child->work, me->work & THREAD_WORK_STRACE, __ATOMIC_RELAXED);
	memcpy(child->name, me->name, sizeof(child->name));
	context_copy_fpu(child, me);
	if (args->flags & CLONE_CHILD_CLEARTID)
		child->clear_child_tid = args->child_tid;
}

static int64_t clone_thread(const struct clone_args *args)
{
	struct thread *me = thread_current(), *child;
	struct trap_frame frame = *me->frame;
	uint32_t tid;

	if (args->flags & CLONE_SETTLS && args->tls >= ISLE_USER_TOP)
		return -EPERM;
	frame.rax = 0;
	if (args->stack)
		frame.rsp = args->stack + args->stack_size;
	child = thread_create(me->process, &frame);
	if (!child)
		return -EAGAIN;
	clone_inherit(child, args);
	tid = child->tid;
	if (((args->flags & CLONE_PARENT_SETTID) && put_user(&tid, args->parent_tid)) ||
	    ((args->flags & CLONE_CHILD_SETTID) && put_user(&tid, args->child_tid))) {
		thread_discard(child);
		return -EFAULT;
	}
	thread_start(child);
	return tid;
}

static int64_t clone_any(uint32_t nr, const struct clone_args *args)
{
	if ((args->flags & CLONE_SIGHAND && !(args->flags & CLONE_VM)) ||
	    (args->flags & CLONE_THREAD && !(args->flags & CLONE_SIGHAND)))
		return -EINVAL;
	if ((args->flags & THREAD_NEEDS) == THREAD_NEEDS)
		return process_current()->vfork ? syscall_unknown(nr) : clone_thread(args);
	if ((args->flags & VFORK_NEEDS) == VFORK_NEEDS && !(args->flags & VFORK_NOT))
		return vfork_make(args);
	/* A copy of the program would need an isle of its own: that is fork, whatever it came as. */
	return syscall_unknown(args->flags & CLONE_VM ? nr : SYSCALL_FORK);
}

int64_t sys_clone(const uint64_t arg[6])
{
	const struct clone_args args = {
		.flags = arg[0] & ~0xffull, .exit_signal = arg[0] & 0xff, .stack = arg[1],
		.parent_tid = arg[2], .pidfd = arg[2], .child_tid = arg[3], .tls = arg[4],
	};

	return clone_any(56, &args);
}

int64_t sys_clone3(const uint64_t arg[6])
{
	struct clone_args args;

	if (arg[1] < sizeof(args))
		return -EINVAL;
	if (copy_from_user(&args, arg[0], sizeof(args)))
		return -EFAULT;
	if ((args.flags & ~CLONE3_FLAGS) || args.exit_signal > PROCESS_NR_SIGNALS || (!args.stack != !args.stack_size))
		return -EINVAL;
	return clone_any(435, &args);
}

int64_t sys_exit(const uint64_t arg[6])
{
	struct process *process = process_current();
	struct thread *me = thread_current();

	/* What the process ends with if nobody says exit_group: the first thread's status. */
	spin_lock(&process->lock);
	if (me->tid == process->pid && !process->exiting)
		process->wait_status = (int)(arg[0] & 0xff) << 8;
	spin_unlock(&process->lock);
	thread_leave();
}

int64_t sys_exit_group(const uint64_t arg[6])
{
	process_exit(process_current(), (int)(arg[0] & 0xff) << 8);
	return 0;
}

int64_t sys_set_tid_address(const uint64_t arg[6])
{
	thread_current()->clear_child_tid = arg[0];
	return thread_current()->tid;
}

int64_t sys_set_robust_list(const uint64_t arg[6])
{
	if (arg[1] != 24)
		return -EINVAL;
	thread_current()->robust_list = arg[0];
	return 0;
}

int64_t sys_get_robust_list(const uint64_t arg[6])
{
	uint64_t size = 24;

	if (arg[0] && arg[0] != thread_current()->tid)
		return -EPERM;
	return put_user(&thread_current()->robust_list, arg[1]) || put_user(&size, arg[2]) ? -EFAULT : 0;
}

int64_t sys_getpid(uint64_t a0, uint64_t a1, uint64_t a2)
{
	(void)a0, (void)a1, (void)a2;
	return process_current()->pid;
}

int64_t sys_gettid(uint64_t a0, uint64_t a1, uint64_t a2)
{
	(void)a0, (void)a1, (void)a2;
	return thread_current()->tid;
}

int64_t sys_arch_prctl(const uint64_t arg[6])
{
	enum { SET_GS = 0x1001, SET_FS, GET_FS, GET_GS };
	uint64_t base;

	switch (arg[0]) {
	case SET_GS:
	case SET_FS:
		if (arg[1] >= ISLE_USER_TOP)
			return -EPERM;
		if (arg[0] == SET_FS)
			context_fs_set(arg[1]);
		else
			context_gs_set(arg[1]);
		return 0;
	case GET_FS:
	case GET_GS:
		base = arg[0] == GET_FS ? context_fs_get() : context_gs_get();
		return put_user(&base, arg[1]);
	default:
		return -EINVAL;
	}
}

int64_t sys_personality(const uint64_t arg[6])
{
	/* Only PER_LINUX is here: the question is answered, a change is refused. */
	return arg[0] == 0xffffffff || arg[0] == 0 ? 0 : -EINVAL;
}

int64_t sys_prctl(const uint64_t arg[6])
{
	enum {
		SET_PDEATHSIG = 1, GET_PDEATHSIG = 2, GET_DUMPABLE = 3, SET_DUMPABLE = 4,
		SET_NAME = 15, GET_NAME = 16, GET_SECCOMP = 21,
		CAPBSET_READ = 23, GET_TIMERSLACK = 30, SET_TIMERSLACK = 29, SET_NO_NEW_PRIVS = 38,
		GET_NO_NEW_PRIVS = 39, SET_VMA = 0x53564d41,
	};
	struct thread *me = thread_current();
	char name[16] = "";

	switch (arg[0]) {
	case SET_NAME:
		if (string_from_user(name, arg[1], sizeof(name)) == -EFAULT)
			return -EFAULT;
		name[15] = '\0';
		memcpy(me->name, name, sizeof(name));
		return 0;
	case GET_NAME:
		return put_user(&me->name, arg[1]);
	case SET_VMA:
		return -EINVAL;   /* as a Linux without names of anonymous memory */
	case SET_PDEATHSIG:
	case GET_PDEATHSIG:
	case GET_DUMPABLE:
	case SET_DUMPABLE:
	case GET_SECCOMP:
	case CAPBSET_READ:
	case GET_TIMERSLACK:
	case SET_TIMERSLACK:
	case SET_NO_NEW_PRIVS:
	case GET_NO_NEW_PRIVS:
		return syscall_forward(157, arg);
	default:
		/* What a child of vfork sets is for the program that it will be on Linux. */
		return me->process->vfork ? syscall_forward(157, arg) : -EINVAL;
	}
}

static void barrier_here(void *arg)
{
	(void)arg;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

int64_t sys_membarrier(const uint64_t arg[6])
{
	enum { QUERY = 0, GLOBAL = 1, PRIVATE = 8, REGISTER_PRIVATE = 16 };

	if (arg[1])
		return -EINVAL;
	switch (arg[0]) {
	case QUERY:
		return GLOBAL | PRIVATE | REGISTER_PRIVATE;
	case GLOBAL:
	case PRIVATE:
		/* An interrupt on each core is a barrier there. */
		return ipi_call(&cpus_up, barrier_here, NULL) ? 0 : -EINVAL;
	case REGISTER_PRIVATE:
		return 0;
	default:
		return -EINVAL;
	}
}
