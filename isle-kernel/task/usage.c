// SPDX-License-Identifier: MIT
/*
 * usage.c - processor time of threads and processes.
 *
 * A thread has two clocks: one runs while it has a core and counts TSC ticks; the other runs while it
 * is in the kernel and counts ticks of the first, so that it stands while the thread waits.
 */
#include <kern/usage.h>

#include <kern/aspace.h>
#include <kern/process.h>
#include <kern/thread.h>
#include <kern/time.h>

struct ticks {
	uint64_t total, system;
};

static struct ticks ticks_of(const struct thread *thread)
{
	/* The clock before the moment: the moment may not lie before its start. */
	uint64_t clock = __atomic_load_n(&thread->run_clock, __ATOMIC_ACQUIRE);
	uint64_t total = usage_clock_read(clock, tsc_read());
	uint64_t system = usage_clock_read(__atomic_load_n(&thread->system_clock, __ATOMIC_RELAXED), total);

	/* It may have entered the kernel between the two looks. */
	return (struct ticks){ total, system <= total ? system : total };
}

static struct usage usage_of(struct ticks ticks)
{
	return (struct usage){ time_ticks_ns(ticks.total), time_ticks_ns(ticks.system) };
}

struct usage usage_thread(const struct thread *thread)
{
	return usage_of(ticks_of(thread));
}

struct usage usage_process_locked(const struct process *process)
{
	struct ticks sum = { process->ended_ticks, process->ended_system_ticks };
	struct list *link;

	list_for_each(link, &process->threads) {
		struct ticks ticks = ticks_of(list_entry(link, struct thread, process_link));

		sum.total += ticks.total;
		sum.system += ticks.system;
	}
	return usage_of(sum);
}

struct usage usage_process(struct process *process)
{
	struct usage usage;

	spin_lock(&process->lock);
	usage = usage_process_locked(process);
	spin_unlock(&process->lock);
	return usage;
}

void usage_thread_end(struct thread *thread)
{
	struct ticks ticks = ticks_of(thread);

	thread->process->ended_ticks += ticks.total;
	thread->process->ended_system_ticks += ticks.system;
	thread->process->ended_faults += thread->faults;
	thread->process->ended_switches[0] += thread->switches_voluntary;
	thread->process->ended_switches[1] += thread->switches_forced;
}

uint64_t usage_resident(const struct process *process)
{
	return __atomic_load_n(&process->aspace->resident, __ATOMIC_RELAXED);
}
