// SPDX-License-Identifier: MIT
/*
 * sys_sched.c - on which cores threads run. A program sees its isle's cores by their Linux numbers.
 *
 * There is one policy, SCHED_OTHER; the others are refused with EPERM, as to a Linux user without
 * the right.
 */
#include <kern/boot.h>
#include <kern/calls.h>
#include <kern/cpu.h>
#include <kern/errno.h>
#include <kern/ipi.h>
#include <kern/process.h>
#include <kern/sched.h>
#include <kern/string.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/uaccess.h>

#define MASK_BYTES  128u   /* 1024 CPUs */

/* The thread with this id (0: the calling one). Lock of the process held. */
static struct thread *thread_find(uint32_t tid)
{
	struct process *process = process_current();
	struct list *link;

	if (!tid)
		return thread_current();
	list_for_each(link, &process->threads) {
		struct thread *thread = list_entry(link, struct thread, process_link);

		if (thread->tid == tid)
			return thread;
	}
	return NULL;
}

static bool known(uint32_t tid)
{
	bool found;

	spin_lock(&process_current()->lock);
	found = thread_find(tid) != NULL;
	spin_unlock(&process_current()->lock);
	return found;
}

int64_t sys_getcpu(const uint64_t arg[6])
{
	const struct cpu *cpu = this_cpu();

	if (arg[0] && put_user(&cpu->entry->linux_cpu, arg[0]))
		return -EFAULT;
	return arg[1] && put_user(&cpu->node, arg[1]) ? -EFAULT : 0;
}

int64_t sys_sched_getaffinity(const uint64_t arg[6])
{
	uint8_t mask[MASK_BYTES] = { 0 };
	struct process *process = process_current();
	const struct thread *thread;
	struct cpuset set = { { 0 } };
	uint32_t row, most = 0;
	bool found;

	if (arg[1] % 8)
		return -EINVAL;
	spin_lock(&process->lock);
	thread = thread_find((uint32_t)arg[0]);
	found = thread != NULL;
	if (found)
		set = thread->affinity;
	spin_unlock(&process->lock);
	if (!found)
		return -ESRCH;
	cpuset_for_each(row, &set) {
		uint32_t cpu = boot_cpu(row)->linux_cpu;

		if (cpu < MASK_BYTES * 8) {
			mask[cpu / 8] |= (uint8_t)(1u << cpu % 8);
			most = cpu > most ? cpu : most;
		}
	}
	most = (most / 64 + 1) * 8;
	if (arg[1] < most)
		return -EINVAL;
	if (arg[1] < MASK_BYTES)
		most = (uint32_t)arg[1];
	else
		most = MASK_BYTES;
	return copy_to_user(arg[2], mask, most) ? -EFAULT : (int64_t)most;
}

int64_t sys_sched_setaffinity(const uint64_t arg[6])
{
	uint8_t mask[MASK_BYTES] = { 0 };
	struct process *process = process_current();
	struct thread *thread;
	struct cpuset set = { { 0 } };
	uint32_t row;

	if (copy_from_user(mask, arg[2], arg[1] < MASK_BYTES ? arg[1] : MASK_BYTES))
		return -EFAULT;
	cpuset_for_each(row, &cpus_up) {
		uint32_t cpu = boot_cpu(row)->linux_cpu;

		if (cpu < MASK_BYTES * 8 && (mask[cpu / 8] >> cpu % 8 & 1))
			cpuset_add(&set, row);
	}
	if (cpuset_next(&set, 0) == ISLE_MAX_CPUS)
		return known((uint32_t)arg[0]) ? -EINVAL : -ESRCH;
	spin_lock(&process->lock);
	thread = thread_find((uint32_t)arg[0]);
	if (thread) {
		thread->affinity = set;
		if (!cpuset_has(&set, thread->row))
			thread_work_set(thread, THREAD_WORK_MIGRATE);
	}
	spin_unlock(&process->lock);
	return thread ? 0 : -ESRCH;
}

static bool policy_known(int32_t policy)
{
	return policy >= 0 && policy <= 6 && policy != 4;
}

static int64_t policy_set(uint64_t tid, int32_t policy, int32_t priority)
{
	bool realtime = policy == 1 || policy == 2;

	if (!policy_known(policy) || (realtime ? priority < 1 || priority > 99 : priority != 0))
		return -EINVAL;
	if (!known((uint32_t)tid))
		return -ESRCH;
	return policy == 0 || policy == 3 || policy == 5 ? 0 : -EPERM;
}

/* For a child of vfork: it is for the program that it will be on Linux. */
static int64_t policy_forward(uint32_t nr, const uint64_t arg[6], isle_uva_t param)
{
	syscall_present(param, sizeof(int32_t));
	return syscall_forward(nr, arg);
}

int64_t sys_sched_setscheduler(const uint64_t arg[6])
{
	int32_t priority;

	if (process_current()->vfork)
		return policy_forward(144, arg, arg[2]);
	return get_user(&priority, arg[2]) ? -EFAULT : policy_set(arg[0], (int32_t)(arg[1] & ~0x40000000ull), priority);
}

int64_t sys_sched_setparam(const uint64_t arg[6])
{
	int32_t priority;

	if (process_current()->vfork)
		return policy_forward(142, arg, arg[1]);
	return get_user(&priority, arg[1]) ? -EFAULT : policy_set(arg[0], 0, priority);
}

int64_t sys_sched_getparam(const uint64_t arg[6])
{
	const int32_t priority = 0;

	if (!known((uint32_t)arg[0]))
		return -ESRCH;
	return put_user(&priority, arg[1]);
}

int64_t sys_sched_getscheduler(const uint64_t arg[6])
{
	if ((int32_t)arg[0] < 0)
		return -EINVAL;
	return known((uint32_t)arg[0]) ? 0 : -ESRCH;
}

int64_t sys_sched_get_priority_max(const uint64_t arg[6])
{
	if (!policy_known((int32_t)arg[0]))
		return -EINVAL;
	return arg[0] == 1 || arg[0] == 2 ? 99 : 0;
}

int64_t sys_sched_get_priority_min(const uint64_t arg[6])
{
	if (!policy_known((int32_t)arg[0]))
		return -EINVAL;
	return arg[0] == 1 || arg[0] == 2 ? 1 : 0;
}

int64_t sys_sched_rr_get_interval(const uint64_t arg[6])
{
	const int64_t slice[2] = { 0, SCHED_SLICE_US * 1000 };

	return known((uint32_t)arg[0]) ? put_user(&slice, arg[1]) : -ESRCH;
}

struct attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

int64_t sys_sched_setattr(const uint64_t arg[6])
{
	struct attr attr;

	if (get_user(&attr, arg[1]))
		return -EFAULT;
	return arg[2] ? -EINVAL : policy_set(arg[0], (int32_t)attr.policy, (int32_t)attr.priority);
}

int64_t sys_sched_getattr(const uint64_t arg[6])
{
	const struct attr attr = { .size = sizeof(attr) };

	if (arg[3] || arg[2] < sizeof(attr))
		return -EINVAL;
	return known((uint32_t)arg[0]) ? put_user(&attr, arg[1]) : -ESRCH;
}
