// SPDX-License-Identifier: MIT
/*
 * sys_usage.c - what has been used: getrusage, times.
 *
 * Threads are the isle's; children are processes of Linux, so their sums are asked of Linux.
 */
#include <kern/calls.h>
#include <kern/clock.h>
#include <kern/errno.h>
#include <kern/frame.h>
#include <kern/process.h>
#include <kern/scratch.h>
#include <kern/string.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/uaccess.h>
#include <kern/usage.h>

#include "time_priv.h"

#define SYS_GETRUSAGE  98u
#define TICK           (TIME_NS / 100)   /* sysconf(_SC_CLK_TCK) is 100 */

enum { RUSAGE_SELF = 0, RUSAGE_THREAD = 1, RUSAGE_CHILDREN = -1 };

struct rusage {
	int64_t user[2], system[2];
	int64_t maxrss, ixrss, idrss, isrss, minflt, majflt, nswap, inblock, oublock, msgsnd, msgrcv,
		nsignals, nvcsw, nivcsw;
};

static void time_fill(int64_t time[2], uint64_t ns)
{
	time[0] = (int64_t)(ns / TIME_NS);
	time[1] = (int64_t)(ns % TIME_NS / 1000);
}

static void thread_add(struct rusage *usage, const struct thread *thread)
{
	usage->minflt += (int64_t)thread->faults;
	usage->nvcsw += (int64_t)thread->switches_voluntary;
	usage->nivcsw += (int64_t)thread->switches_forced;
}

static struct usage process_add(struct rusage *usage, struct process *process)
{
	struct list *link;
	struct usage time;

	spin_lock(&process->lock);
	usage->minflt = (int64_t)process->ended_faults;
	usage->nvcsw = (int64_t)process->ended_switches[0];
	usage->nivcsw = (int64_t)process->ended_switches[1];
	list_for_each(link, &process->threads)
		thread_add(usage, list_entry(link, struct thread, process_link));
	time = usage_process_locked(process);
	spin_unlock(&process->lock);
	return time;
}

int64_t sys_getrusage(const uint64_t arg[6])
{
	struct process *process = process_current();
	int32_t who = (int32_t)arg[0];
	struct rusage usage;
	struct usage time;

	if (who != RUSAGE_SELF && who != RUSAGE_THREAD && who != RUSAGE_CHILDREN)
		return -EINVAL;
	if (who == RUSAGE_CHILDREN) {
		syscall_present(arg[1], sizeof(usage));
		return syscall_forward(SYS_GETRUSAGE, arg);
	}
	memset(&usage, 0, sizeof(usage));
	usage.maxrss = (int64_t)(usage_resident(process) * (FRAME_SIZE / 1024));
	if (who == RUSAGE_THREAD) {
		thread_add(&usage, thread_current());
		time = usage_thread(thread_current());
	} else {
		time = process_add(&usage, process);
	}
	time_fill(usage.user, time.total - time.system);
	time_fill(usage.system, time.system);
	return put_user(&usage, arg[1]);
}

/* The ticks of ended children, as Linux's getrusage has them. 0 or -errno. */
static int64_t children_read(int64_t ticks[2])
{
	uint64_t arg[6] = { (uint64_t)RUSAGE_CHILDREN };
	int64_t times[4], err;

	arg[1] = scratch_take(NULL, 0);
	err = scratch_call(SYS_GETRUSAGE, arg, sizeof(struct rusage));
	if (!err)
		err = copy_from_user(times, arg[1], sizeof(times));
	scratch_give_back();
	if (err)
		return err;
	ticks[0] = times[0] * 100 + times[1] / 10000;
	ticks[1] = times[2] * 100 + times[3] / 10000;
	return 0;
}

int64_t sys_times(const uint64_t arg[6])
{
	struct usage usage = usage_process(process_current());
	int64_t times[4] = { (int64_t)((usage.total - usage.system) / TICK), (int64_t)(usage.system / TICK) };
	int64_t err;

	if (arg[0]) {
		err = children_read(&times[2]);
		if (err)
			return err;
		if (put_user(&times, arg[0]))
			return -EFAULT;
	}
	return (int64_t)(clock_monotonic_ns() / TICK);
}
