// SPDX-License-Identifier: GPL-2.0
/*
 * life.c - start, stop, and every other way in which an isle ends.
 *
 * All ends pass through finish(): the cores come back to the park loop, by themselves or by INIT;
 * nobody listens to the isle's bells any more; pinned pages are let go, as no core uses them now;
 * then the new life is published and everybody who waits is woken. Every wait has a bound and
 * looks at isle_is_dead().
 *
 * Locks: life_lock, except where work is queued.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>

#include "boot.h"
#include "cpu.h"
#include "doorbell.h"
#include "isle.h"
#include "life.h"
#include "notify.h"
#include "park.h"
#include "park_layout.h"
#include "pin.h"
#include "trace.h"
#include "trampoline.h"

#define ARRIVE_MS  20   /* for a core that is about to park anyway */

static unsigned int start_ms = 5000;
module_param(start_ms, uint, 0644);
MODULE_PARM_DESC(start_ms, "Milliseconds in which an isle must come up, if the caller names none (5000)");

static unsigned int stop_ms = 1000;
module_param(stop_ms, uint, 0644);
MODULE_PARM_DESC(stop_ms, "Milliseconds in which an isle must stop when asked, before its cores are taken (1000)");

static u64 deadline_in(u32 ms)
{
	return ktime_get_ns() + (u64)ms * NSEC_PER_MSEC;
}

/* Whether a wait for this isle shall go on. */
static bool may_wait(const struct isle *isle, u64 deadline)
{
	return !isle_is_dead() && !READ_ONCE(isle->hurry) && ktime_get_ns() < deadline;
}

static void set_why(struct isle *isle, const char *format, ...) __printf(2, 3);
static void set_why(struct isle *isle, const char *format, ...)
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

/* Asks all cores whether they are parked; those that do not answer in time are taken by INIT. */
static u32 collect_cores(struct isle *isle, u32 ms, bool force)
{
	struct isle_rcpu **late = isle->late;
	u64 deadline = deadline_in(ms);
	u32 i, nr = 0, lost;

	for (i = 0; i < isle->nr_cpus && !force; i++)
		isle_park_ask(isle->cpu[i]);
	while (!force && !all_answered(isle) && may_wait(isle, deadline))
		usleep_range(20, 100);
	for (i = 0; i < isle->nr_cpus; i++)
		if (force || !isle_park_answered(isle->cpu[i]))
			late[nr++] = isle->cpu[i];
	lost = isle_is_dead() ? 0 : isle_trampoline_bring(late, nr);
	for (i = 0; i < nr && lost; i++)
		if (late[i]->state == ISLE_RCPU_LOST)
			isle_log(isle, ISLE_LOG_ERROR,
				 "CPU %u did not come back even after INIT: it is not used again until the reserve is released",
				 late[i]->linux_cpu);
	if (lost)
		pr_err("%u CPUs of isle %u did not come back after INIT: release the reserve to give them to Linux\n",
		       lost, isle->id);
	return nr;
}

static void finish(struct isle *isle, u32 life, u32 forced)
{
	isle_doorbell_close(isle);
	isle_log_drain(isle);
	isle_pin_drop_all(isle);
	isle->exit_code = READ_ONCE(isle->boot->exit_code);
	isle->orderly = life == ISLE_LIFE_STOPPED && !forced;
	if (forced)
		isle_log(isle, ISLE_LOG_WARN, "%u of %u cores were taken by INIT", forced, isle->nr_cpus);
	isle_log(isle, life == ISLE_LIFE_STOPPED ? ISLE_LOG_INFO : ISLE_LOG_ERROR, "the isle has ended: %s",
		 isle->why);
	isle_set_life(isle, life);
	trace_isle_stop(isle->id, life, forced);
}

/* It has said itself that it ended. */
static u32 finish_alone(struct isle *isle, u32 state)
{
	char last[128];
	u32 forced, life = ISLE_LIFE_STOPPED;

	forced = collect_cores(isle, READ_ONCE(stop_ms), false);
	isle_log_drain(isle);
	if (READ_ONCE(isle->boot->state) > ISLE_STATE_PANICKED) {
		life = ISLE_LIFE_PANICKED;
		set_why(isle, "the isle kernel has overwritten its own memory: its state is %#x, which is none",
			READ_ONCE(isle->boot->state));
	} else if (state == ISLE_STATE_PANICKED) {
		life = ISLE_LIFE_PANICKED;
		isle_log_last(isle, ISLE_LOG_ERROR, last, sizeof(last));
		set_why(isle, "the isle kernel panicked%s%s (its log has registers and backtrace)",
			last[0] ? "; it said last: " : "", last);
	} else if (forced) {
		life = ISLE_LIFE_HUNG;
		set_why(isle, "the isle said it has stopped, but %u of its %u cores did not park", forced,
			isle->nr_cpus);
	} else {
		set_why(isle, "the isle has stopped; the program's status is %#x",
			READ_ONCE(isle->boot->exit_code));
	}
	finish(isle, life, forced);
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
			finish_alone(isle, state);
	}
	mutex_unlock(&isle->life_lock);
}

void isle_life_prepare(struct isle *isle)
{
	INIT_WORK(&isle->end_work, do_end_work);
}

static void release_core(struct isle *isle, u32 row)
{
	isle_park_leave(isle->cpu[row], isle_boot_cr3(isle), isle->at.entry, ISLE_KBASE + isle->at.boot);
}

/* Exceptions before the isle kernel has its own tables end in the park's, which note them. */
static bool has_faulted(struct isle_call *call, u32 row)
{
	const struct park_mailbox *box = call->isle->cpu[row]->mailbox;

	if (READ_ONCE(box->state) != PARK_STATE_FAULT)
		return false;
	isle_fail(call, 0, "core %u took exception %llu at %#llx (address %#llx) before the isle kernel had its tables",
		  row, READ_ONCE(box->vector), READ_ONCE(box->rip), READ_ONCE(box->cr2));
	return true;
}

/* Row 0 first; the others when it says so; 0 when all are up. */
static int wait_until_up(struct isle_call *call, u64 deadline)
{
	struct isle *isle = call->isle;
	bool others = false;
	u32 state, row;

	release_core(isle, 0);
	for (;;) {
		state = isle_kernel_state(isle);
		if (!others && state >= ISLE_STATE_BOOTING_CPUS && state <= ISLE_STATE_UP) {
			for (row = 1; row < isle->nr_cpus; row++)
				release_core(isle, row);
			others = true;
		}
		/* A short life may be over before we look: what came after UP is not START's affair. */
		if (state == ISLE_STATE_UP || state == ISLE_STATE_STOPPED ||
		    (state == ISLE_STATE_PANICKED && READ_ONCE(isle->boot->up_tsc)))
			return 0;
		if (state == ISLE_STATE_PANICKED)
			return -EIO;
		for (row = 0; row < isle->nr_cpus; row++)
			if (has_faulted(call, row))
				return -EIO;
		if (fatal_signal_pending(current))
			return -EINTR;
		if (!may_wait(isle, deadline))
			return isle_is_dead() ? -ESHUTDOWN : -ETIME;
		usleep_range(10, 30);
	}
}

static void fail_start(struct isle_call *call, int err, u32 ms)
{
	struct isle *isle = call->isle;
	u32 forced;

	if (err == -EIO && !call->why[0]) {
		finish_alone(isle, ISLE_STATE_PANICKED);
		goto out;
	}
	if (err == -EIO)
		set_why(isle, "%s", call->why);
	else if (err == -EINTR || READ_ONCE(isle->hurry))
		set_why(isle, "its owner was killed, or stopped it, while it started");
	else
		set_why(isle, "it was not up within %u ms (its log says how far it came)", ms);
	forced = collect_cores(isle, ARRIVE_MS, false);
	finish(isle, err == -EIO ? ISLE_LIFE_PANICKED :
	       err == -ETIME && !READ_ONCE(isle->hurry) ? ISLE_LIFE_HUNG : ISLE_LIFE_KILLED, forced);
out:
	isle_fail(call, err, "isle %u did not start: %s", isle->id, isle->why);
}

/* life_lock. */
static long start_locked(struct isle_call *call, u32 ms, u64 *ns)
{
	struct isle *isle = call->isle;
	u64 begin;
	int err;

	if (isle->life != ISLE_LIFE_LOADED)
		return isle_fail(call, -EBADFD, "isle %u is %s: it can be started when an image is loaded, once",
				 isle->id, isle_life_name(isle->life));
	if (isle_is_dead())
		return isle_fail(call, -ESHUTDOWN, "the machine is shutting down");
	isle_set_life(isle, ISLE_LIFE_STARTING);
	isle_doorbell_open(isle);
	isle_boot_set_clock(isle);
	begin = ktime_get_ns();
	isle->start_ns = begin;
	isle->log.epoch_ns = begin;
	err = wait_until_up(call, begin + (u64)ms * NSEC_PER_MSEC);
	*ns = ktime_get_ns() - begin;
	trace_isle_start(isle->id, err, *ns);
	if (err) {
		fail_start(call, err, ms);
		return err;
	}
	isle_log(isle, ISLE_LOG_INFO, "started on %u CPUs in %llu us", isle->nr_cpus, *ns / 1000);
	isle_set_life(isle, ISLE_LIFE_RUNNING);
	/* What it rang for meanwhile found it starting. */
	if (isle_kernel_state(isle) > ISLE_STATE_UP)
		queue_work(isle_workqueue, &isle->end_work);
	return 0;
}

static long check_timeout(struct isle_call *call, u32 *ms, u32 normal)
{
	if (*ms > ISLE_TIMEOUT_MAX_MS)
		return isle_fail(call, -EINVAL, "a timeout of %u ms is more than the %u that are allowed", *ms,
				 ISLE_TIMEOUT_MAX_MS);
	if (!*ms)
		*ms = normal;
	return 0;
}

long isle_life_start(struct isle_call *call, struct isle_start *start)
{
	u32 ms = start->timeout_ms;
	long err;

	if (start->flags)
		return isle_fail(call, -EINVAL, "START knows no flags");
	err = check_timeout(call, &ms, READ_ONCE(start_ms));
	if (err)
		return err;
	if (mutex_lock_killable(&call->isle->life_lock))
		return -EINTR;
	err = start_locked(call, ms, &start->start_ns);
	mutex_unlock(&call->isle->life_lock);
	return err;
}

/* Asks the isle to stop, and waits until it says that it has. */
static u32 ask_to_stop(struct isle *isle, u64 deadline, bool killable)
{
	u32 state;

	isle_set_life(isle, ISLE_LIFE_STOPPING);
	WRITE_ONCE(isle->boot->request, ISLE_REQUEST_STOP);
	isle_doorbell_ring(isle, 0);
	for (;;) {
		state = isle_kernel_state(isle);
		if (state > ISLE_STATE_UP || !may_wait(isle, deadline))
			return state;
		if (killable && fatal_signal_pending(current))
			return state;
		usleep_range(20, 100);
	}
}

/* life_lock. RUNNING or STOPPING. */
static long stop_running(struct isle_call *call, u32 ms, bool now, u32 *forced)
{
	struct isle *isle = call->isle;
	u32 state;

	if (!now) {
		state = ask_to_stop(isle, deadline_in(ms), true);
		if (state > ISLE_STATE_UP) {
			*forced = finish_alone(isle, state);
			return 0;
		}
		if (fatal_signal_pending(current))
			return isle_fail(call, -EINTR, "killed while isle %u was stopping", isle->id);
	}
	WRITE_ONCE(isle->hurry, false);
	*forced = collect_cores(isle, ARRIVE_MS, now);
	if (now)
		set_why(isle, "it was stopped by force");
	else
		set_why(isle, "it did not stop within %u ms when asked; %u of %u cores were taken by INIT", ms,
			*forced, isle->nr_cpus);
	finish(isle, now ? ISLE_LIFE_KILLED : ISLE_LIFE_HUNG, *forced);
	return 0;
}

/* life_lock. */
static long stop_locked(struct isle_call *call, u32 ms, bool now, u32 *forced)
{
	struct isle *isle = call->isle;

	if (isle_life_ended(isle->life))
		return 0;
	switch (isle->life) {
	case ISLE_LIFE_LOADED:
		set_why(isle, "it was stopped before it was started");
		isle_set_life(isle, ISLE_LIFE_STOPPED);
		return 0;
	case ISLE_LIFE_RUNNING:
	case ISLE_LIFE_STOPPING:
		return stop_running(call, ms, now, forced);
	default:
		return isle_fail(call, -EBADFD, "isle %u is %s: there is nothing to stop", isle->id,
				 isle_life_name(isle->life));
	}
}

long isle_life_stop(struct isle_call *call, struct isle_stop *stop)
{
	bool now = stop->flags & ISLE_STOP_F_NOW;
	struct isle *isle = call->isle;
	u32 ms = stop->timeout_ms;
	u64 begin = ktime_get_ns();
	long err;

	if (stop->flags & ~ISLE_STOP_F_NOW)
		return isle_fail(call, -EINVAL, "STOP knows no such flags");
	err = check_timeout(call, &ms, READ_ONCE(stop_ms));
	if (err)
		return err;
	/* Who waits for the isle with the lock held gives up. */
	if (now)
		WRITE_ONCE(isle->hurry, true);
	if (mutex_lock_killable(&isle->life_lock))
		return -EINTR;
	stop->forced = 0;
	err = stop_locked(call, ms, now, &stop->forced);
	WRITE_ONCE(isle->hurry, false);
	mutex_unlock(&isle->life_lock);
	stop->stop_ns = ktime_get_ns() - begin;
	return err;
}

void isle_life_kill(struct isle *isle)
{
	u32 state = ISLE_STATE_NONE, forced;

	mutex_lock(&isle->life_lock);
	if (isle->life >= ISLE_LIFE_STARTING && !isle_life_ended(isle->life)) {
		if (isle->life != ISLE_LIFE_STARTING)
			state = ask_to_stop(isle, deadline_in(READ_ONCE(stop_ms)), false);
		forced = collect_cores(isle, state > ISLE_STATE_UP ? READ_ONCE(stop_ms) : ARRIVE_MS, false);
		set_why(isle, "its owner (process %u) closed it or died%s", isle->owner_pid,
			forced ? ", and it did not stop when asked" : "");
		finish(isle, ISLE_LIFE_KILLED, forced);
		/* What a core that stopped by itself left behind is in order, whoever wanted it. */
		isle->orderly = state == ISLE_STATE_STOPPED && !forced;
	}
	mutex_unlock(&isle->life_lock);
}
