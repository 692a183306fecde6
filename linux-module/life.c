// SPDX-License-Identifier: GPL-2.0
/*
 * life.c - start and stop. What all ends have in common is in end.c.
 *
 * Locks: life_lock.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>

#include "boot.h"
#include "cpu.h"
#include "doorbell.h"
#include "isle.h"
#include "end.h"
#include "life.h"
#include "notify.h"
#include "park.h"
#include "park_layout.h"
#include "trace.h"

static unsigned int start_ms = 5000;
module_param(start_ms, uint, 0644);
MODULE_PARM_DESC(start_ms,
		 "Milliseconds in which an isle must come up, if the caller names none (5000)");

static void release_core(struct isle *isle, u32 row)
{
	isle_park_leave(isle->cpu[row], isle_boot_cr3(isle), isle->at.entry,
			ISLE_KBASE + isle->at.boot);
}

/* Exceptions before the isle kernel has its own tables end in the park's, which note them. */
static bool has_faulted(struct isle_call *call, u32 row)
{
	const struct park_mailbox *box = call->isle->cpu[row]->mailbox;

	if (READ_ONCE(box->state) != PARK_STATE_FAULT)
		return false;
	isle_fail(call, 0,
		  "core %u took exception %llu at %#llx (address %#llx) before the isle kernel had "
		  "its tables",
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
		/* A short life may be over before we look: START asks only whether it was up. */
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
		if (!isle_end_may_wait(isle, deadline))
			return isle_is_dead() ? -ESHUTDOWN : -ETIME;
		usleep_range(10, 30);
	}
}

static void fail_start(struct isle_call *call, int err, u32 ms)
{
	struct isle *isle = call->isle;
	u32 forced, life = ISLE_LIFE_KILLED;

	if (err == -EIO && !call->why[0]) {
		isle_end_alone(isle, ISLE_STATE_PANICKED);
		goto out;
	}
	if (err == -EIO)
		isle_end_set_why(isle, "%s", call->why);
	else if (err == -EINTR || READ_ONCE(isle->hurry))
		isle_end_set_why(isle, "its owner was killed, or stopped it, while it started");
	else
		isle_end_set_why(isle,
				 "it was not up within %u ms (its log says how far it came)", ms);
	if (err == -EIO)
		life = ISLE_LIFE_PANICKED;
	else if (err == -ETIME && !READ_ONCE(isle->hurry))
		life = ISLE_LIFE_HUNG;
	forced = isle_end_collect(isle, ISLE_END_ARRIVE_MS, false);
	isle_end_finish(isle, life, forced);
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
		return isle_fail(call, -EBADFD,
				 "isle %u is %s: it can be started when an image is loaded, once",
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
		return isle_fail(call, -EINVAL,
				 "a timeout of %u ms is more than the %u that are allowed", *ms,
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
		if (state > ISLE_STATE_UP || !isle_end_may_wait(isle, deadline))
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
		state = ask_to_stop(isle, isle_end_deadline(ms), true);
		if (state > ISLE_STATE_UP) {
			*forced = isle_end_alone(isle, state);
			return 0;
		}
		if (fatal_signal_pending(current))
			return isle_fail(call, -EINTR,
					 "killed while isle %u was stopping", isle->id);
	}
	WRITE_ONCE(isle->hurry, false);
	*forced = isle_end_collect(isle, ISLE_END_ARRIVE_MS, now);
	if (now)
		isle_end_set_why(isle, "it was stopped by force");
	else
		isle_end_set_why(isle,
			"it did not stop within %u ms when asked; %u of %u cores needed INIT",
			ms,
			*forced, isle->nr_cpus);
	isle_end_finish(isle, now ? ISLE_LIFE_KILLED : ISLE_LIFE_HUNG, *forced);
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
		isle_end_set_why(isle, "it was stopped before it was started");
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
	err = check_timeout(call, &ms, isle_end_stop_ms());
	if (err)
		return err;
	/* Who waits for the isle with the lock held gives up. */
	if (now)
		WRITE_ONCE(isle->hurry, true);
	if (mutex_lock_killable(&isle->life_lock)) {
		WRITE_ONCE(isle->hurry, false);
		return -EINTR;
	}
	stop->forced = 0;
	err = stop_locked(call, ms, now, &stop->forced);
	WRITE_ONCE(isle->hurry, false);
	mutex_unlock(&isle->life_lock);
	stop->stop_ns = ktime_get_ns() - begin;
	return err;
}

void isle_life_kill(struct isle *isle)
{
	u32 state = ISLE_STATE_NONE, ms, forced;

	mutex_lock(&isle->life_lock);
	if (isle->life >= ISLE_LIFE_STARTING && !isle_life_ended(isle->life)) {
		if (isle->life != ISLE_LIFE_STARTING)
			state = ask_to_stop(isle, isle_end_deadline(isle_end_stop_ms()), false);
		ms = state > ISLE_STATE_UP ? isle_end_stop_ms() : ISLE_END_ARRIVE_MS;
		forced = isle_end_collect(isle, ms, false);
		isle_end_set_why(isle,
				 "its owner (process %u) closed it or died%s", isle->owner_pid,
			forced ? ", and it did not stop when asked" : "");
		isle_end_finish(isle, ISLE_LIFE_KILLED, forced);
		/* What a core that stopped by itself left behind is in order, whoever wanted it. */
		isle->orderly = state == ISLE_STATE_STOPPED && !forced;
	}
	mutex_unlock(&isle->life_lock);
}
