// SPDX-License-Identifier: MIT
/*
 * report.c - a snapshot of the process for the proxy, which makes files of /proc from it.
 *
 * It is written into a run of frames of the program's kind (the proxy sees no others), which are given back when the
 * proxy has read it. Threads and regions that come after the room was measured are left out if there is none.
 */
#include <kern/report.h>

#include <arch/cpu.h>
#include <arch/mmu.h>
#include <kern/aspace.h>
#include <kern/boot.h>
#include <kern/chan.h>
#include <kern/cpu.h>
#include <kern/errno.h>
#include <kern/extent.h>
#include <kern/frame.h>
#include <kern/process.h>
#include <kern/signal.h>
#include <kern/string.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/usage.h>

#include <isle/call.h>
#include <isle/report.h>

#define REGIONS_MORE  64u

/* Where the next entry of a table goes, and the end of the room. */
struct writer {
	uint8_t *at, *end;
};

static void put(struct writer *to, const void *entry, size_t size)
{
	memcpy(to->at, entry, size);
	to->at += size;
}

static void cpus_put(struct writer *to, struct isle_report *report)
{
	uint32_t row;

	for (row = 0; row < boot->nr_cpus; row++) {
		const struct cpu *cpu = cpu_by_row[row];
		struct isle_report_cpu entry = { .up_ns = time_ns(), .cpu = boot_cpu(row)->linux_cpu };

		if (cpu)
			entry.idle_ns = time_ticks_ns(cpu->counters->named[ISLE_COUNTER_IDLE_TSC]);
		put(to, &entry, sizeof(entry));
	}
	report->nr_cpus = boot->nr_cpus;
}

static void threads_put(struct writer *to, struct isle_report *report, struct process *process, uint32_t most)
{
	struct list *link;

	spin_lock(&process->lock);
	list_for_each(link, &process->threads) {
		const struct thread *thread = list_entry(link, struct thread, process_link);
		const struct usage usage = usage_thread(thread);
		struct isle_report_thread entry = {
			.tid = thread->tid, .cpu = boot_cpu(thread->row)->linux_cpu,
			.runs = thread->state == THREAD_RUNNABLE, .run_ns = usage.total, .system_ns = usage.system,
			.voluntary = thread->switches_voluntary, .forced = thread->switches_forced,
			.sig_blocked = thread->sig_blocked, .sig_pending = thread->sig_pending,
		};

		if (report->nr_threads == most)
			break;
		memcpy(entry.affinity, thread->affinity.bits, sizeof(entry.affinity));
		memcpy(entry.name, thread->name, sizeof(entry.name));
		put(to, &entry, sizeof(entry));
		report->nr_threads++;
	}
	report->sig_pending = process->sig_pending;
	spin_unlock(&process->lock);
}

static uint32_t flags_of(const struct process *process, const struct region *region)
{
	uint32_t flags = 0;

	flags |= region->flags & REGION_F_HEAP ? ISLE_REGION_HEAP : 0;
	flags |= region->flags & REGION_F_STACK ? ISLE_REGION_STACK : 0;
	flags |= region->flags & REGION_F_VDSO ? ISLE_REGION_VDSO : 0;
	flags |= region->flags & REGION_F_SHAREABLE ? ISLE_REGION_SHARED : 0;
	flags |= region->kind == REGION_SHARED ? ISLE_REGION_SHARED | ISLE_REGION_LINUX : 0;
	flags |= region->start <= process->scratch && process->scratch < region->end ? ISLE_REGION_KERNEL : 0;
	return flags;
}

/* Adds up all regions, and lists those for which there is room (to may be NULL). */
static void regions_put(struct writer *to, struct isle_report *report, const struct process *process)
{
	const struct region_set *set = &process->aspace->regions;
	size_t i;

	for (i = 0; i < set->nr; i++) {
		const struct region *region = set->sorted[i];
		struct isle_report_region entry = {
			.start = region->start, .end = region->end, .prot = region->prot,
			.flags = flags_of(process, region), .file = region->kind == REGION_FILE ? region->file : -1,
			.offset = region->kind == REGION_ANON ? 0 : region->file_off,
		};
		uint64_t size = region->end - region->start;

		if (entry.flags & ISLE_REGION_STACK)
			report->stack += size;
		else if ((region->prot & REGION_WRITE) && !(entry.flags & ISLE_REGION_SHARED))
			report->data += size;
		if (region->prot & REGION_EXEC)
			report->code += size;
		if (!to || (size_t)(to->end - to->at) < sizeof(entry))
			continue;
		put(to, &entry, sizeof(entry));
		report->nr_regions++;
	}
}

static void header_fill(struct isle_report *report, struct process *process)
{
	const struct aspace *aspace = process->aspace;
	const struct usage usage = usage_process(process);
	uint32_t i;

	report->mem_free = frame_stats(ISLE_MAX_NODES).free * FRAME_SIZE;
	report->mapped = aspace->regions.bytes;
	report->resident = usage_resident(process) * FRAME_SIZE;
	report->code_start = process->code_start;
	report->code_end = process->code_end;
	report->data_start = process->data_start;
	report->data_end = process->data_end;
	report->brk_start = aspace->brk_start;
	report->brk = aspace->brk;
	report->stack_start = process->stack_start;
	report->arg_start = process->arg_start;
	report->arg_end = process->arg_end;
	report->env_start = process->env_start;
	report->env_end = process->env_end;
	report->auxv = process->auxv;
	report->auxv_size = process->auxv_size;
	report->run_ns = usage.total;
	report->system_ns = usage.system;
	for (i = 0; i < PROCESS_NR_SIGNALS; i++) {
		isle_uva_t handler = process->action[i].handler;

		if (handler == SIGNAL_IGN)
			report->sig_ignored |= 1ull << i;
		else if (handler != SIGNAL_DFL)
			report->sig_caught |= 1ull << i;
	}
}

/* Frames for all of it, and some regions more: at most a granule. */
static uint32_t frames_wanted(struct process *process, uint32_t threads, bool regions)
{
	uint64_t size = sizeof(struct isle_report) + boot->nr_cpus * sizeof(struct isle_report_cpu) +
			threads * sizeof(struct isle_report_thread);

	if (regions) {
		mutex_lock(&process->aspace->lock);
		size += (process->aspace->regions.nr + REGIONS_MORE) * sizeof(struct isle_report_region);
		mutex_unlock(&process->aspace->lock);
	}
	if (size > ISLE_REPORT_MAX)
		size = ISLE_REPORT_MAX;
	return (uint32_t)((size + FRAME_SIZE - 1) / FRAME_SIZE);
}

int report_send(bool regions)
{
	struct process *process = process_current();
	struct isle_report report = { .size = 0 };
	struct writer to;
	uint32_t threads, frames;
	isle_hpa_t hpa;
	int64_t err;

	threads = __atomic_load_n(&process->nr_threads, __ATOMIC_RELAXED);
	frames = frames_wanted(process, threads, regions);
	hpa = frame_alloc(frames, this_cpu()->node, FRAME_USER);
	if (hpa == FRAME_NONE)
		return -ENOMEM;
	to.at = (uint8_t *)hpa_to_va(hpa) + sizeof(report);
	to.end = (uint8_t *)hpa_to_va(hpa) + frames * FRAME_SIZE;
	cpus_put(&to, &report);
	threads_put(&to, &report, process, threads);
	header_fill(&report, process);
	mutex_lock(&process->aspace->lock);
	regions_put(regions ? &to : NULL, &report, process);
	mutex_unlock(&process->aspace->lock);
	report.size = (uint32_t)(to.at - (uint8_t *)hpa_to_va(hpa));
	memcpy(hpa_to_va(hpa), &report, sizeof(report));
	err = chan_isle_call(ISLE_CALL_REPORT, hpa_to_ipa(hpa), report.size, 0, 0, 0, 0);
	frame_free(hpa, frames);
	return (int)err;
}
