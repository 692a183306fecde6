// SPDX-License-Identifier: GPL-2.0
/*
 * end.c - every way in which an isle ends.
 *
 * All ends pass through isle_end_finish(): the cores have come back to the park loop, by themselves
 * or by INIT; nobody listens to the isle's bells any more; pinned pages are let go, as no core uses
 * them now; then the new life is published and everybody who waits is woken. Every wait has a
 * bound and looks at isle_is_dead().
 *
 * Locks: life_lock; the work takes it.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/moduleparam.h>

#include "cpu.h"
#include "doorbell.h"
#include "end.h"
#include "isle.h"
#include "notify.h"
#include "park.h"
#include "pin.h"
#include "trace.h"
#include "trampoline.h"

static unsigned int stop_ms = 1000;
module_param(stop_ms, uint, 0644);
MODULE_PARM_DESC(stop_ms,
		 "Milliseconds in which an isle must stop when asked, before its cores are taken "
		 "(1000)");

u32 isle_end_stop_ms(void)
{
	return READ_ONCE(stop_ms);
}

u64 isle_end_deadline(u32 ms)
{
	return ktime_get_ns() + (u64)ms * NSEC_PER_MSEC;
}

bool isle_end_may_wait(const struct isle *isle, u64 deadline)
{
	return !isle_is_dead() && !READ_ONCE(isle->hurry) && ktime_get_ns() < deadline;
}

void isle_end_set_why(struct isle *isle, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vscnprintf(isle->why, sizeof(isle->why), format, args);
	va_end(args);
}

static bool all_answered(const struct isle *isle)
{
	u32 i;

	for (i = 0; i < isle->nr_cpus; i++)
		if (!isle_park_answered(isle->cpu[i]))
			return false;
	return true;
}

u32 isle_end_collect(struct isle *isle, u32 ms, bool force)
{
	struct isle_rcpu **late = isle->late;
	u64 deadline = isle_end_deadline(ms);
	u32 i, nr = 0, lost;

	for (i = 0; i < isle->nr_cpus && !force; i++)
		isle_park_ask(isle->cpu[i]);
	while (!force && !all_answered(isle) && isle_end_may_wait(isle, deadline))
		usleep_range(20, 100);
	for (i = 0; i < isle->nr_cpus; i++)
		if (force || !isle_park_answered(isle->cpu[i]))
			late[nr++] = isle->cpu[i];
	lost = isle_is_dead() ? 0 : isle_trampoline_bring(late, nr);
	for (i = 0; i < nr && lost; i++)
		if (late[i]->state == ISLE_RCPU_LOST)
			isle_log(isle, ISLE_LOG_ERROR,
				 "CPU %u did not come back even after INIT: it is not used again "
				 "until the reserve is released",
				 late[i]->linux_cpu);
	if (lost)
		pr_err(
		       "%u CPUs of isle %u did not come back after INIT: release the reserve to "
		       "give them to Linux\n",
		       lost, isle->id);
	return nr;
}

void isle_end_finish(struct isle *isle, u32 life, u32 forced)
{
	isle_doorbell_close(isle);
	isle_log_drain(isle);
	isle_pin_drop_all(isle);
	isle->exit_code = READ_ONCE(isle->boot->exit_code);
	isle->orderly = life == ISLE_LIFE_STOPPED && !forced;
	if (forced)
		isle_log(isle, ISLE_LOG_WARN,
			 "%u of %u cores were taken by INIT", forced, isle->nr_cpus);
	isle_log(isle, life == ISLE_LIFE_STOPPED ? ISLE_LOG_INFO : ISLE_LOG_ERROR,
		 "the isle has ended: %s",
		 isle->why);
	isle_set_life(isle, life);
	trace_isle_stop(isle->id, life, forced);
}

u32 isle_end_alone(struct isle *isle, u32 state)
{
	char last[128];
	u32 forced, life = ISLE_LIFE_STOPPED;

	forced = isle_end_collect(isle, isle_end_stop_ms(), false);
	isle_log_drain(isle);
	if (READ_ONCE(isle->boot->state) > ISLE_STATE_PANICKED) {
		life = ISLE_LIFE_PANICKED;
		isle_end_set_why(isle,
			"the isle kernel has overwritten its own memory: its state is %#x, which "
			"is none",
			READ_ONCE(isle->boot->state));
	} else if (state == ISLE_STATE_PANICKED) {
		life = ISLE_LIFE_PANICKED;
		isle_log_last(isle, ISLE_LOG_ERROR, last, sizeof(last));
		isle_end_set_why(isle,
				 "the isle kernel panicked%s%s (its log has registers and "
				 "backtrace)",
			last[0] ? "; it said last: " : "", last);
	} else if (forced) {
		life = ISLE_LIFE_HUNG;
		isle_end_set_why(isle,
			"the isle said it has stopped, but %u of its %u cores did not park", forced,
			isle->nr_cpus);
	} else {
		isle_end_set_why(isle, "the isle has stopped; the program's status is %#x",
			READ_ONCE(isle->boot->exit_code));
	}
	isle_end_finish(isle, life, forced);
	return forced;
}

static void do_end_work(struct work_struct *work)
{
	struct isle *isle = container_of(work, struct isle, end_work);
	u32 state;

	mutex_lock(&isle->life_lock);
	if (isle->life == ISLE_LIFE_RUNNING) {
		state = isle_kernel_state(isle);
		if (state > ISLE_STATE_UP)
			isle_end_alone(isle, state);
	}
	mutex_unlock(&isle->life_lock);
}

void isle_end_prepare(struct isle *isle)
{
	INIT_WORK(&isle->end_work, do_end_work);
}

