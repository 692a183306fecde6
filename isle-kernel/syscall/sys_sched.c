// SPDX-License-Identifier: MIT
/*
 * sys_sched.c - on which cores threads run. A program sees its isle's cores by their Linux numbers.
 *
 * Everybody may have any priority: the cores are the program's own, and nobody else waits for them.
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

#define MASK_BYTES      128u          /* 1024 CPUs */
#define SCHED_DEADLINE  6u            /* known, and refused: nothing here plans by deadlines */
#define RESET_ON_FORK   0x40000000u   /* or'ed to a policy: not for threads that the thread makes */

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

static bool realtime(uint32_t policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

static bool policy_known(uint32_t policy)
{
	return realtime(policy) || policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE ||
	       policy == SCHED_DEADLINE;
}

static bool priority_suits(uint32_t policy, int32_t priority)
{
	return realtime(policy) ? priority >= 1 && priority <= 99 : priority == 0;
}

/* Without a policy, the thread keeps its own, and whether others get it. */
static int64_t policy_set(uint64_t tid, const uint32_t *policy, int32_t priority, bool reset)
{
	struct process *process = process_current();
	struct thread *thread;
	int64_t err = 0;
	uint32_t to;

	if ((int32_t)tid < 0)
		return -EINVAL;
	spin_lock(&process->lock);
	thread = thread_find((uint32_t)tid);
	to = policy ? *policy : thread ? thread->sched_policy : SCHED_OTHER;
	if (!policy_known(to) || !priority_suits(to, priority))
		err = -EINVAL;
	else if (!thread)
		err = -ESRCH;
	else if (to == SCHED_DEADLINE)
		err = -EPERM;
	if (!err) {
		thread->sched_reset = policy ? reset : thread->sched_reset;
		sched_priority_set(thread, to, (uint32_t)priority);
	}
	spin_unlock(&process->lock);
	return err;
}

/* What a thread has; RESET_ON_FORK is in the policy. */
static int64_t policy_get(uint64_t tid, uint32_t *policy, uint32_t *priority)
{
	struct process *process = process_current();
	const struct thread *thread;

	if ((int32_t)tid < 0)
		return -EINVAL;
	spin_lock(&process->lock);
	thread = thread_find((uint32_t)tid);
	if (thread) {
		*policy = thread->sched_policy | (thread->sched_reset ? RESET_ON_FORK : 0);
		*priority = thread->priority;
	}
	spin_unlock(&process->lock);
	return thread ? 0 : -ESRCH;
}

/* For a child of vfork: it is for the program that it will be on Linux. */
static int64_t policy_forward(uint32_t nr, const uint64_t arg[6], isle_uva_t param)
{
	syscall_present(param, sizeof(int32_t));
	return syscall_forward(nr, arg);
}

int64_t sys_sched_setscheduler(const uint64_t arg[6])
{
	uint32_t policy = (uint32_t)arg[1] & ~RESET_ON_FORK;
	int32_t priority;

	if (process_current()->vfork)
		return policy_forward(144, arg, arg[2]);
	if (get_user(&priority, arg[2]))
		return -EFAULT;
	return policy_set(arg[0], &policy, priority, arg[1] & RESET_ON_FORK);
}

int64_t sys_sched_setparam(const uint64_t arg[6])
{
	int32_t priority;

	if (process_current()->vfork)
		return policy_forward(142, arg, arg[1]);
	return get_user(&priority, arg[1]) ? -EFAULT : policy_set(arg[0], NULL, priority, false);
}

int64_t sys_sched_getparam(const uint64_t arg[6])
{
	uint32_t policy, priority;
	int64_t err = policy_get(arg[0], &policy, &priority);

	return err ? err : put_user(&priority, arg[1]);
}

int64_t sys_sched_getscheduler(const uint64_t arg[6])
{
	uint32_t policy, priority;
	int64_t err = policy_get(arg[0], &policy, &priority);

	return err ? err : (int64_t)policy;
}

int64_t sys_sched_get_priority_max(const uint64_t arg[6])
{
	if (!policy_known((uint32_t)arg[0]))
		return -EINVAL;
	return realtime((uint32_t)arg[0]) ? 99 : 0;
}

int64_t sys_sched_get_priority_min(const uint64_t arg[6])
{
	if (!policy_known((uint32_t)arg[0]))
		return -EINVAL;
	return realtime((uint32_t)arg[0]) ? 1 : 0;
}

int64_t sys_sched_rr_get_interval(const uint64_t arg[6])
{
	uint32_t policy = SCHED_OTHER, priority;
	int64_t err = policy_get(arg[0], &policy, &priority), slice[2] = { 0, SCHED_SLICE_US * 1000 };

	if ((policy & ~RESET_ON_FORK) == SCHED_FIFO)
		slice[1] = 0;
	return err ? err : put_user(&slice, arg[1]);
}

struct attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

#define ATTR_RESET_ON_FORK  1u

int64_t sys_sched_setattr(const uint64_t arg[6])
{
	struct attr attr;

	if (get_user(&attr, arg[1]))
		return -EFAULT;
	return arg[2] ? -EINVAL :
	       policy_set(arg[0], &attr.policy, (int32_t)attr.priority, attr.flags & ATTR_RESET_ON_FORK);
}

int64_t sys_sched_getattr(const uint64_t arg[6])
{
	struct attr attr = { .size = sizeof(attr) };
	int64_t err;

	if (arg[3] || arg[2] < sizeof(attr))
		return -EINVAL;
	err = policy_get(arg[0], &attr.policy, &attr.priority);
	attr.flags = attr.policy & RESET_ON_FORK ? ATTR_RESET_ON_FORK : 0;
	attr.policy &= ~RESET_ON_FORK;
	return err ? err : put_user(&attr, arg[1]);
}
