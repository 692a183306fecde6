// SPDX-License-Identifier: MIT
/*
 * exec.c - the program becomes another one: execve(2).
 *
 * Up to the point of no return nothing changes: the proxy has found the file and copied the arguments (abi/isle/call.h,
 * ISLE_CALL_EXEC), the heads of program and interpreter are read. Then the other threads end, and the one that is
 * left takes the first one's id; the address space is emptied in place, so no core has anything to switch; what
 * execve(2) says is reset is reset; and the new program is mapped as at the start. Who fails behind that point is
 * ended by SIGKILL, as on Linux.
 *
 * One thread of a process at a time (process.execing): the exec block is one.
 */
#include <kern/exec.h>

#include <arch/context.h>
#include <arch/layout.h>
#include <arch/trap.h>
#include <kern/aspace.h>
#include <kern/chan.h>
#include <kern/debug.h>
#include <kern/errno.h>
#include <kern/filemap.h>
#include <kern/futex.h>
#include <kern/load.h>
#include <kern/log.h>
#include <kern/posix_timer.h>
#include <kern/process.h>
#include <kern/signal.h>
#include <kern/signal_linux.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/uaccess.h>

#include <isle/call.h>

#define FLAGS_USER  0x202u   /* IF, and the bit that is always set */
/* Of strings and pointers to them: the most that Linux takes, however large a stack may be (bprm_stack_limits). */
#define STRINGS_MAX (6ull << 20)

/* Makes a string present by reading it. 0, -EFAULT, or -E2BIG: it and its pointer take more than *room. */
static int string_present(isle_uva_t at, uint64_t *room)
{
	char part[512];
	uint64_t size;
	int got;

	do {
		got = string_from_user(part, at, sizeof(part));
		if (got == -EFAULT)
			return got;
		size = got < 0 ? sizeof(part) : (uint64_t)got + 1 + sizeof(at);
		if (*room < size)
			return -E2BIG;
		*room -= size;
		at += size;
	} while (got < 0);
	return 0;
}

/* The same of argv or envp. */
static int vector_present(isle_uva_t at, uint64_t *room)
{
	isle_uva_t string;
	int err = 0;

	for (; at && !err; at += sizeof(string)) {
		if (get_user(&string, at))
			return -EFAULT;
		if (!string)
			break;
		err = string_present(string, room);
	}
	return err;
}

int exec_present(uint64_t path, uint64_t argv, uint64_t envp)
{
	uint64_t room = STRINGS_MAX;
	int err = string_present(path, &room);

	if (!err)
		err = vector_present(argv, &room);
	return err ? err : vector_present(envp, &room);
}

/* 0, or -ERESTARTNOINTR if the wait is to be broken off: most likely the thread shall end. */
static int turn_take(struct process *process)
{
	struct waitq *queue = &process->exec_queue;
	int err = 0;

	spin_lock(&queue->lock);
	while (process->execing && !err) {
		err = waitq_wait(queue, WAIT_FOREVER, true);
		spin_lock(&queue->lock);
	}
	if (!err)
		process->execing = true;
	spin_unlock(&queue->lock);
	return err ? -ERESTARTNOINTR : 0;
}

static void turn_give(struct process *process)
{
	spin_lock(&process->exec_queue.lock);
	process->execing = false;
	spin_unlock(&process->exec_queue.lock);
	waitq_wake(&process->exec_queue, 1);
}

/* Only a debugger's thread may be there too. */
static bool alone(struct process *process)
{
	bool is;

	spin_lock(&process->lock);
	is = process->nr_threads == (process->debug ? 2 : 1);
	spin_unlock(&process->lock);
	return is;
}

/* 0: the calling thread is the last one. -EAGAIN: the process ends meanwhile, and the thread with it. */
static int others_end(struct process *process)
{
	struct thread *me = thread_current();
	struct list *link;
	bool end = false;

	spin_lock(&process->lock);
	if (!process->exiting) {
		process->closed = process->watched = true;
		process->ender = me;
		list_for_each(link, &process->threads) {
			struct thread *thread = list_entry(link, struct thread, process_link);

			if (thread != me && !(process->debug && thread == process->debug->server))
				thread_work_set(thread, THREAD_WORK_EXIT);
		}
	}
	spin_unlock(&process->lock);
	waitq_wake(&process->stop_queue, ~0u);
	for (;;) {
		thread_block_prepare();
		end = __atomic_load_n(&me->work, __ATOMIC_ACQUIRE) & THREAD_WORK_EXIT;
		if (end || alone(process))
			break;
		thread_block();
	}
	spin_lock(&process->lock);
	process->ender = NULL;
	spin_unlock(&process->lock);
	return end ? -EAGAIN : 0;
}

/* The first thread's id, and no status that it may have left. */
static void identity_take(struct process *process, struct thread *me)
{
	futex_robust_release(me);
	futex_owner_gone(me->tid);
	spin_lock(&process->lock);
	me->tid = process->pid;
	process->wait_status = 0;
	spin_unlock(&process->lock);
	chan_slot_rename(me->slot, me->tid);
}

/* Handlers are gone with the memory that they were in; what is ignored stays ignored, what is pending stays pending. */
static void signals_reset(struct process *process, struct thread *me)
{
	uint32_t i;

	posix_timers_delete();
	signal_flush_timers();
	spin_lock(&process->lock);
	for (i = 0; i < PROCESS_NR_SIGNALS; i++) {
		struct signal_action *action = &process->action[i];

		*action = (struct signal_action){
			.handler = action->handler == SIGNAL_IGN ? SIGNAL_IGN : SIGNAL_DFL,
		};
	}
	me->sig_restore = false;
	me->altstack = me->altstack_size = 0;
	me->altstack_flags = 0;
	spin_unlock(&process->lock);
	signal_mask_set(me->sig_blocked);
	chan_isle_call(ISLE_CALL_SIGCHLD, process->action[SIGNAL_CHLD - 1].handler == SIGNAL_IGN ?
		       ISLE_SIGCHLD_IGNORED : 0, 0, 0, 0, 0, 0);
}

static void registers_reset(struct thread *me)
{
	*me->frame = (struct trap_frame){ .cs = SEL_UCODE | 3, .ss = SEL_UDATA | 3, .rflags = FLAGS_USER };
	context_fs_set(0);
	context_gs_set(0);
	context_fpu_reset(me);
	me->clear_child_tid = me->robust_list = 0;
}

static int memory_reset(struct process *process)
{
	process->scratch = process->vdso = 0;
	process->code_start = process->code_end = process->data_start = process->data_end = 0;
	return aspace_reset(process->aspace);
}

/* Behind the point of no return. */
static void become(struct process *process, struct program *program, int32_t handle)
{
	struct thread *me = thread_current();
	int64_t err;

	identity_take(process, me);
	signals_reset(process, me);
	err = memory_reset(process);
	if (!err)
		err = chan_isle_call(ISLE_CALL_EXEC_DONE, (uint32_t)handle, 0, 0, 0, 0, 0);
	registers_reset(me);
	if (!err)
		err = program_map(program, me->frame);
	if (err) {
		log_error("execve: the program is ended: %s (error %d)", program_why(program), (int)-err);
		process_exit(process, SIGNAL_KILL);
		return;
	}
	spin_lock(&process->lock);
	process->closed = process->exiting;
	process->watched = process->debug;
	spin_unlock(&process->lock);
}

static int64_t exec_in_turn(struct process *process, const uint64_t arg[6])
{
	struct program *program = NULL;
	int32_t handle;
	int64_t got = chan_call(ISLE_CALL_EXEC, arg, false, NULL), err;

	if (got < 0)
		return got;
	handle = (int32_t)got;
	err = filemap_take(handle);
	if (err)
		return err;
	err = program_read(&program, handle);
	if (err)
		log_debug("execve: %s (error %d)", program_why(program), (int)-err);
	else
		err = others_end(process);
	if (!err)
		become(process, program, handle);
	program_forget(program, handle);
	return err;
}

int64_t exec_program(int32_t dirfd, uint64_t path, uint64_t argv, uint64_t envp, uint32_t flags)
{
	const uint64_t arg[6] = { (uint32_t)dirfd | (uint64_t)flags << 32, path, argv, envp };
	struct process *process = process_current();
	int64_t err;

	err = exec_present(path, argv, envp);
	if (err)
		return err;
	err = turn_take(process);
	if (err)
		return err;
	err = exec_in_turn(process, arg);
	turn_give(process);
	if (!err && process->debug && process->debug->attached)
		debug_hold();
	return err;
}
