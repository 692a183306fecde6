// SPDX-License-Identifier: GPL-2.0
/*
 * reap.c - takes an isle apart, in phases whose order matters:
 *
 *  a) end: no core runs in the isle, nobody listens to its bells (end.c);
 *  b) work: what its bells had queued is finished or cancelled, without any lock of ours, since
 *     that work takes them;
 *  c) remains: log, counters and numbers are copied out; from then on nobody reads isle memory
 *     (boot is NULL). No page of it is mapped any more either: a mapping holds the file;
 *  d) scrub: what programs left is cleared while memory is still the isle's;
 *  e) back: memory and cores return to the reserve. Pages that Linux still uses stay out of it;
 *  f) keep: the shell goes to the list of dead ones, or is forgotten if it never ran.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "cpu.h"
#include "isle.h"
#include "life.h"
#include "mem.h"
#include "reap.h"
#include "trace.h"

static void save_remains(struct isle *isle)
{
	isle_log_drain(isle);
	mutex_lock(&isle->log_lock);
	if (isle->boot) {
		isle->last_state = isle_kernel_state(isle);
		isle->entry_tsc = READ_ONCE(isle->boot->entry_tsc);
		isle->first_log_tsc = READ_ONCE(isle->boot->first_log_tsc);
		isle->up_tsc = READ_ONCE(isle->boot->up_tsc);
		isle_channel_read(isle, &isle->last_channel);
		memcpy(isle->last_counters, isle_va(isle, isle->at.counters),
		       isle->nr_cpus * sizeof(*isle->last_counters));
	}
	mutex_unlock(&isle->log_lock);
}

static bool must_scrub(const struct isle *isle, u64 ipa)
{
	return !isle->orderly || isle_granule_use(isle, ipa) != ISLE_GRANULE_FREE;
}

/* From the end: the table of granules lies in the private area, which comes last. */
static u64 scrub(struct isle *isle)
{
	u64 ipa, cleared = 0;

	for (ipa = isle->mem_size; ipa;) {
		ipa -= ISLE_GRANULE_SIZE;
		if (!must_scrub(isle, ipa))
			continue;
		memset(isle_va(isle, ipa), 0, ISLE_GRANULE_SIZE);
		cleared += ISLE_GRANULE_SIZE;
		cond_resched();
	}
	return cleared;
}

void isle_reap_parts(struct isle *isle)
{
	u32 pinned;

	mutex_lock(&isle_reserve_lock);
	pinned = isle_mem_give_back(isle->id, isle->piece, isle->nr_pieces);
	isle_cpu_give_back(isle->cpu, isle->nr_cpus);
	mutex_unlock(&isle_reserve_lock);
	if (!pinned)
		return;
	pr_warn_ratelimited(
			    "%u MiB of isle %u are in use by Linux (direct I/O?): they stay out of "
			    "the reserve until it is done\n",
			    pinned * 2, isle->id);
	isle_log(isle, ISLE_LOG_WARN,
		 "%u MiB are in use by Linux and stay out of the reserve for now", pinned * 2);
}

/* From here on STAT, LOG and COUNTERS find what was saved. */
static void close_memory(struct isle *isle)
{
	mutex_lock(&isle->log_lock);
	isle->boot = NULL;
	mutex_unlock(&isle->log_lock);
}

/* Nobody looks at them any more: boot is NULL, and the bells are closed. */
static void drop_tables(struct isle *isle)
{
	kvfree(isle->late);
	kvfree(isle->cpu);
	kvfree(isle->piece);
	kvfree(isle->piece_ipa);
	isle->late = NULL;
	isle->cpu = NULL;
	isle->piece = NULL;
	isle->piece_ipa = NULL;
}

void isle_reap(struct isle *isle)
{
	bool has_run;
	u64 cleared = 0;

	isle_life_kill(isle);
	cancel_work_sync(&isle->bell_work);
	cancel_work_sync(&isle->end_work);
	has_run = isle_life(isle) >= ISLE_LIFE_STARTING && isle->start_ns;
	save_remains(isle);
	close_memory(isle);
	if (has_run)
		cleared = scrub(isle);
	isle_reap_parts(isle);
	trace_isle_reap(isle->id, cleared, 0);
	isle->owner_pid = 0;
	mutex_lock(&isle->log_lock);
	isle->reaped = true;
	mutex_unlock(&isle->log_lock);
	drop_tables(isle);
	if (has_run) {
		isle_keep(isle);
		wake_up_all(&isle->wait);
		return;
	}
	isle_forget(isle);
	isle_put(isle);
}
