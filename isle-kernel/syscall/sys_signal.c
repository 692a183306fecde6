// SPDX-License-Identifier: MIT
/*
 * sys_signal.c - signals as system calls.
 */
#include <arch/trap.h>
#include <kern/calls.h>
#include <kern/chan.h>
#include <kern/clock.h>
#include <kern/errno.h>
#include <kern/process.h>
#include <kern/scratch.h>
#include <kern/signal.h>
#include <kern/signal_linux.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/uaccess.h>
#include <kern/waitq.h>

#include <isle/call.h>

#define SET_SIZE           8u
#define SYS_RT_SIGPENDING  127u
#define SYS_SIGNALFD       282u
#define SYS_SIGNALFD4      289u

static uint64_t sigchld_flags(const struct signal_action *action)
{
	return (action->handler == SIGNAL_IGN ? ISLE_SIGCHLD_IGNORED : 0u) |
	       (action->flags & SA_NOCLDWAIT ? ISLE_SIGCHLD_NOWAIT : 0u) |
	       (action->flags & SA_NOCLDSTOP ? ISLE_SIGCHLD_NOSTOP : 0u);
}

/* Linux decides by SIGCHLD's disposition what it keeps of children; a child of vfork tells it with its exec. */
static void sigchld_tell(const struct process *process, const struct signal_action *old,
			 const struct signal_action *new)
{
	uint64_t was = sigchld_flags(old), is = sigchld_flags(new);

	if (was != is && !process->vfork)
		chan_isle_call(ISLE_CALL_SIGCHLD, is, 0, 0, 0, 0, 0);
}

int64_t sys_rt_sigaction(const uint64_t arg[6])
{
	struct process *process = process_current();
	struct signal_action new, old;
	uint64_t signo = arg[0];

	if (signo < 1 || signo > PROCESS_NR_SIGNALS || arg[3] != SET_SIZE)
		return -EINVAL;
	if (arg[1] && (SIGNAL_BIT(signo) & SIGNALS_HARD))
		return -EINVAL;
	if (arg[1] && get_user(&new, arg[1]))
		return -EFAULT;
	spin_lock(&process->lock);
	old = process->action[signo - 1];
	if (arg[1]) {
		new.mask &= ~SIGNALS_HARD;
		process->action[signo - 1] = new;
		if (signal_ignored(process, (int)signo))
			signal_flush(process, SIGNAL_BIT(signo));
	}
	spin_unlock(&process->lock);
	if (arg[1] && signo == SIGNAL_CHLD)
		sigchld_tell(process, &old, &new);
	return arg[2] && put_user(&old, arg[2]) ? -EFAULT : 0;
}

int64_t sys_rt_sigprocmask(const uint64_t arg[6])
{
	enum { BLOCK, UNBLOCK, SETMASK };
	uint64_t old = thread_current()->sig_blocked, set;

	if (arg[3] != SET_SIZE)
		return -EINVAL;
	if (arg[1]) {
		if (get_user(&set, arg[1]))
			return -EFAULT;
		switch (arg[0]) {
		case BLOCK: set = old | set; break;
		case UNBLOCK: set = old & ~set; break;
		case SETMASK: break;
		default: return -EINVAL;
		}
		signal_mask_set(set);
	}
	return arg[2] && put_user(&old, arg[2]) ? -EFAULT : 0;
}

int64_t sys_rt_sigreturn(const uint64_t arg[6])
{
	uint64_t mask;

	(void)arg;
	if (signal_frame_pop(thread_current()->frame, &mask)) {
		signal_force(SIGNAL_SEGV, SI_KERNEL, 0);
		return 0;
	}
	signal_mask_set(mask);
	return 0;
}

/* What is pending for the proxy as a whole. */
static int pending_with_linux(uint64_t *set)
{
	uint64_t arg[6] = { 0, SET_SIZE };
	int64_t err;

	arg[0] = scratch_take(NULL, 0);
	err = scratch_call(SYS_RT_SIGPENDING, arg, SET_SIZE);
	if (!err)
		err = get_user(set, arg[0]);
	scratch_give_back();
	return (int)err;
}

int64_t sys_rt_sigpending(const uint64_t arg[6])
{
	struct thread *me = thread_current();
	uint64_t set = signal_pending(me) & me->sig_blocked, others = 0;

	if (arg[1] > SET_SIZE)
		return -EINVAL;
	if (me->process->sig_left && pending_with_linux(&others))
		return -ENOMEM;
	set |= others & me->process->sig_left;
	return copy_to_user(arg[0], &set, arg[1]) ? -EFAULT : 0;
}

/* Waits until a signal is to be delivered. */
static int64_t signal_await(void)
{
	struct waitq nobody = WAITQ_INIT(nobody);

	spin_lock(&nobody.lock);
	waitq_wait(&nobody, WAIT_FOREVER, true);
	return -ERESTARTNOHAND;
}

int64_t sys_pause(const uint64_t arg[6])
{
	(void)arg;
	return signal_await();
}

int64_t sys_rt_sigsuspend(const uint64_t arg[6])
{
	struct thread *me = thread_current();
	uint64_t mask;

	if (arg[1] != SET_SIZE)
		return -EINVAL;
	if (get_user(&mask, arg[0]))
		return -EFAULT;
	me->sig_saved = me->sig_blocked;
	me->sig_restore = true;
	signal_mask_set(mask);
	return signal_await();
}

int64_t sys_rt_sigtimedwait(const uint64_t arg[6])
{
	struct waitq nobody = WAITQ_INIT(nobody);
	struct thread *me = thread_current();
	uint64_t set, deadline = WAIT_FOREVER;
	struct signal_info info;
	int64_t time[2];
	int signo, err = 0;

	if (arg[3] != SET_SIZE)
		return -EINVAL;
	if (get_user(&set, arg[0]) || (arg[2] && get_user(&time, arg[2])))
		return -EFAULT;
	if (arg[2] && (time[0] < 0 || time[1] < 0 || time[1] >= 1000000000))
		return -EINVAL;
	if (arg[2])
		deadline = time[0] > 9000000000 ? WAIT_FOREVER - 1 :
			   time_ns() + (uint64_t)time[0] * 1000000000ull + (uint64_t)time[1];
	set &= ~SIGNALS_HARD;
	me->sig_awaited = set;
	signal_left_update(me->process);
	while ((signo = signal_take(me, set, &info)) == 0 && !err) {
		spin_lock(&nobody.lock);
		err = waitq_wait(&nobody, deadline, true);
		/* The bit stays if the signal was another one: user_return looks. */
		if (err == -EINTR && (signal_pending(me) & set))
			err = 0;
	}
	signal_await_end(me);
	if (!signo)
		return err == -ETIMEDOUT ? -EAGAIN : -EINTR;
	return arg[1] && put_user(&info, arg[1]) ? -EFAULT : signo;
}

int64_t sys_sigaltstack(const uint64_t arg[6])
{
	enum { ONSTACK = 1, DISABLE = 2, LEAST = 2048 };
	struct { uint64_t sp; uint32_t flags, pad; uint64_t size; } new, old = { 0, 0, 0, 0 };
	struct thread *me = thread_current();
	uint64_t sp = me->frame->rsp;
	bool on = me->altstack_size && sp > me->altstack && sp - me->altstack <= me->altstack_size;

	old.sp = me->altstack;
	old.size = me->altstack_size;
	old.flags = (!me->altstack_size ? DISABLE : on ? ONSTACK : 0) | me->altstack_flags;
	if (arg[0]) {
		if (get_user(&new, arg[0]))
			return -EFAULT;
		if (on)
			return -EPERM;
		if ((new.flags & ~(1u << 31)) > DISABLE)
			return -EINVAL;
		if (!(new.flags & DISABLE) && new.size < LEAST)
			return -ENOMEM;
		me->altstack = new.flags & DISABLE ? 0 : new.sp;
		me->altstack_size = new.flags & DISABLE ? 0 : new.size;
		me->altstack_flags = new.flags & (1u << 31);
	}
	return arg[1] && put_user(&old, arg[1]) ? -EFAULT : 0;
}

static struct signal_info info_make(int signo, int code)
{
	struct signal_info info = { .signo = signo, .code = code };

	info.sent.pid = (int32_t)process_current()->pid;
	info.sent.uid = process_current()->uid;
	return info;
}

/* To the program. */
static int64_t send(struct process *process, const struct signal_info *info)
{
	int64_t err;

	return signal_left_send(process, info, &err) ? err : signal_send(process, NULL, info);
}

static bool signo_wrong(uint64_t signo)
{
	return signo > PROCESS_NR_SIGNALS;
}

int64_t sys_kill(const uint64_t arg[6])
{
	struct process *process = process_current();
	struct signal_info info = info_make((int)arg[1], SI_USER);

	if (signo_wrong(arg[1]))
		return -EINVAL;
	if ((uint32_t)arg[0] != process->pid)
		return syscall_forward(62, arg);
	return arg[1] ? send(process, &info) : 0;
}

/* To a thread of ours; others are told apart by their ids, which only Linux knows. */
static int64_t thread_kill(uint32_t tid, const struct signal_info *info)
{
	struct process *process = process_current();
	int64_t err;

	if (!process_has_thread(process, tid))
		return -ESRCH;
	if (!info->signo)
		return 0;
	return signal_left_send(process, info, &err) ? err : signal_send_tid(process, tid, info);
}

int64_t sys_tgkill(const uint64_t arg[6])
{
	struct signal_info info = info_make((int)arg[2], SI_TKILL);

	if ((int32_t)arg[0] <= 0 || (int32_t)arg[1] <= 0 || signo_wrong(arg[2]))
		return -EINVAL;
	return (uint32_t)arg[0] == process_current()->pid ? thread_kill((uint32_t)arg[1], &info) : -ESRCH;
}

int64_t sys_tkill(const uint64_t arg[6])
{
	struct signal_info info = info_make((int)arg[1], SI_TKILL);

	if ((int32_t)arg[0] <= 0 || signo_wrong(arg[1]))
		return -EINVAL;
	return thread_kill((uint32_t)arg[0], &info);
}

static int64_t queue_info(uint64_t signo, isle_uva_t from, struct signal_info *info)
{
	if (signo_wrong(signo))
		return -EINVAL;
	if (get_user(info, from))
		return -EFAULT;
	info->signo = (int32_t)signo;
	return 0;
}

int64_t sys_rt_sigqueueinfo(const uint64_t arg[6])
{
	struct process *process = process_current();
	struct signal_info info;
	int64_t err = queue_info(arg[1], arg[2], &info);

	if (err)
		return err;
	if ((uint32_t)arg[0] != process->pid)
		return syscall_forward(129, arg);
	return arg[1] ? send(process, &info) : 0;
}

int64_t sys_rt_tgsigqueueinfo(const uint64_t arg[6])
{
	struct signal_info info;
	int64_t err = queue_info(arg[2], arg[3], &info);

	if (err)
		return err;
	return (uint32_t)arg[0] == process_current()->pid ? thread_kill((uint32_t)arg[1], &info) : -ESRCH;
}

int64_t sys_restart_syscall(const uint64_t arg[6])
{
	(void)arg;
	return -EINTR;   /* no call of ours leaves anything to be restarted that way */
}

static int64_t signalfd_make(uint32_t nr, const uint64_t arg[6])
{
	uint64_t set = 0;
	int64_t fd;

	syscall_present(arg[1], SET_SIZE);
	fd = syscall_forward(nr, arg);
	if (fd >= 0 && get_user(&set, arg[1]) == 0)
		signal_left_add(process_current(), set);
	return fd;
}

int64_t sys_signalfd(const uint64_t arg[6])
{
	return signalfd_make(SYS_SIGNALFD, arg);
}

int64_t sys_signalfd4(const uint64_t arg[6])
{
	return signalfd_make(SYS_SIGNALFD4, arg);
}
