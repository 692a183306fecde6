// SPDX-License-Identifier: MIT
/*
 * usage.c - sums of run time. A thread's ticks are added when it leaves its core; a running one's
 * are counted on top.
 */
#include <kern/usage.h>

#include <arch/cpu.h>
#include <kern/aspace.h>
#include <kern/cpu.h>
#include <kern/process.h>
#include <kern/thread.h>
#include <kern/time.h>

static uint64_t ticks_of(const struct thread *thread)
{
	uint64_t now = tsc_read(), since = __atomic_load_n(&thread->run_since, __ATOMIC_RELAXED);
	const struct cpu *cpu = cpu_by_row[thread->row];
	bool runs = __atomic_load_n(&cpu->current, __ATOMIC_RELAXED) == thread;

	return thread->run_tsc + (runs && now > since ? now - since : 0);
}

uint64_t usage_thread_ns(const struct thread *thread)
{
	return time_ticks_ns(ticks_of(thread));
}

uint64_t usage_process_ns(struct process *process)
{
	struct list *link;
	uint64_t sum;

	spin_lock(&process->lock);
	sum = process->ended_tsc;
	list_for_each(link, &process->threads)
		sum += ticks_of(list_entry(link, struct thread, process_link));
	spin_unlock(&process->lock);
	return time_ticks_ns(sum);
}

uint64_t usage_resident(const struct process *process)
{
	return __atomic_load_n(&process->aspace->resident, __ATOMIC_RELAXED);
}
