// SPDX-License-Identifier: MIT
/*
 * sys_time.c - clocks, and sleeping by them.
 */
#include <arch/cpu.h>
#include <kern/calls.h>
#include <kern/clock.h>
#include <kern/cpu_timer.h>
#include <kern/errno.h>
#include <kern/process.h>
#include <kern/signal.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/timer.h>
#include <kern/uaccess.h>
#include <kern/waitq.h>

#include "time_priv.h"

#define NS  TIME_NS

enum {
	CLOCK_REALTIME = 0, CLOCK_MONOTONIC, CLOCK_PROCESS, CLOCK_THREAD, CLOCK_MONOTONIC_RAW,
	CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_REALTIME_ALARM,
	CLOCK_BOOTTIME_ALARM, CLOCK_TAI = 11,
};

static bool clock_is_real(uint64_t id)
{
	return id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE || id == CLOCK_REALTIME_ALARM;
}

/*
 * A negative id names the processor time of a process or thread: its number inverted from bit 3 on, bit 2
 * set for a thread, below it which time (linux/posix-timers.h).
 */
#define CLOCK_CPU_VIRTUAL  1

/* Takes a processor clock's id apart. False if there is no such clock. */
static bool clock_cpu(int32_t id, struct cpu_timer *timer)
{
	struct thread *me = thread_current();
	uint32_t number = (uint32_t)~(id >> 3);

	timer->tid = id == CLOCK_THREAD ? me->tid : 0;
	if (id == CLOCK_THREAD || id == CLOCK_PROCESS)
		return true;
	if (id >= 0 || (id & 3) == 3)
		return false;
	timer->user = (id & 3) == CLOCK_CPU_VIRTUAL;
	if (!(id & 4))
		return number == 0 || number == me->process->pid;
	timer->tid = number ? number : me->tid;
	return process_has_thread(me->process, timer->tid);
}

bool clock_is_cpu(int32_t id, struct cpu_timer *timer)
{
	*timer = (struct cpu_timer){ .tid = 0 };
	return clock_cpu(id, timer);
}

/* False if there is no such clock. */
static bool clock_read(int32_t id, uint64_t *ns)
{
	struct cpu_timer timer;

	if (clock_is_cpu(id, &timer))
		*ns = cpu_timer_now(process_current(), &timer);
	else if (id < 0)
		return false;
	else if (clock_is_real((uint64_t)id) || id == CLOCK_TAI)
		*ns = clock_realtime_ns();
	else if (id <= CLOCK_BOOTTIME_ALARM)
		*ns = clock_monotonic_ns();
	else
		return false;
	return true;
}

int time_put(uint64_t ns, isle_uva_t to, uint64_t unit)
{
	const struct user_time time = { (int64_t)(ns / NS), (int64_t)(ns % NS / unit) };

	return put_user(&time, to);
}

int time_get(uint64_t *ns, isle_uva_t from, uint64_t unit)
{
	struct user_time time;

	if (get_user(&time, from))
		return -EFAULT;
	if (time.sec < 0 || time.part < 0 || (uint64_t)time.part >= NS / unit)
		return -EINVAL;
	*ns = time.sec > 9000000000 ? ~0ull / 2 : (uint64_t)time.sec * NS + (uint64_t)time.part * unit;
	return 0;
}

int64_t sys_clock_gettime(const uint64_t arg[6])
{
	uint64_t ns;

	return clock_read((int32_t)arg[0], &ns) ? time_put(ns, arg[1], 1) : -EINVAL;
}

int64_t sys_clock_getres(const uint64_t arg[6])
{
	uint64_t ns;

	if (!clock_read((int32_t)arg[0], &ns))
		return -EINVAL;
	/* Coarse clocks are as fine as the others. */
	return arg[1] ? time_put(1, arg[1], 1) : 0;
}

int64_t sys_gettimeofday(const uint64_t arg[6])
{
	const int32_t zone[2] = { 0, 0 };

	if (arg[0] && time_put(clock_realtime_ns(), arg[0], 1000))
		return -EFAULT;
	return arg[1] && put_user(&zone, arg[1]) ? -EFAULT : 0;
}

int64_t sys_time(const uint64_t arg[6])
{
	int64_t now = (int64_t)(clock_realtime_ns() / NS);

	return arg[0] && put_user(&now, arg[0]) ? -EFAULT : now;
}

/* A thread that waits for processor time. */
struct cpu_sleep {
	struct cpu_timer timer;
	struct waitq queue;
};

/* Sleeps until a moment of time_ns(). 0 or -EINTR. */
static int sleep_until(uint64_t deadline)
{
	struct waitq nobody = WAITQ_INIT(nobody);
	int err;

	spin_lock(&nobody.lock);
	err = waitq_wait(&nobody, deadline, true);
	return err == -ETIMEDOUT ? 0 : err;
}

static int64_t sleep_call(uint64_t ns, uint64_t base, bool absolute, bool realtime, isle_uva_t left_at)
{
	uint64_t deadline = absolute ? clock_to_time(ns, realtime) : clock_to_time(base + ns, false);
	int err = sleep_until(deadline);

	if (err && !absolute && left_at) {
		uint64_t now = time_ns();

		if (time_put(deadline > now ? deadline - now : 0, left_at, 1))
			return -EFAULT;
	}
	return err == -EINTR && absolute ? -ERESTARTNOHAND : err;
}

int64_t sys_nanosleep(const uint64_t arg[6])
{
	uint64_t ns;
	int err = time_get(&ns, arg[0], 1);

	return err ? err : sleep_call(ns, clock_monotonic_ns(), false, false, arg[1]);
}

static void cpu_wake(struct cpu_timer *timer)
{
	struct cpu_sleep *sleep = list_entry(timer, struct cpu_sleep, timer);

	waitq_wake(&sleep->queue, 1);
}

/* Sleeps while others use processor time. 0, or -EINTR with what is left. */
static int64_t cpu_sleep(const struct cpu_timer *clock, uint64_t ns, bool absolute, isle_uva_t left_at)
{
	struct process *process = process_current();
	struct cpu_sleep sleep = { .timer = *clock, .queue = WAITQ_INIT(sleep.queue) };
	uint64_t now = cpu_timer_now(process, clock), deadline = absolute ? ns : now + ns;
	int err = 0;

	sleep.timer.expire = cpu_wake;
	while (!err && now < deadline) {
		cpu_timer_start(process, &sleep.timer, deadline);
		spin_lock(&sleep.queue.lock);
		if (sleep.timer.active)
			err = waitq_wait(&sleep.queue, WAIT_FOREVER, true);
		else
			spin_unlock(&sleep.queue.lock);
		cpu_timer_cancel(process, &sleep.timer);
		now = cpu_timer_now(process, clock);
	}
	if (!err)
		return 0;
	if (absolute)
		return -ERESTARTNOHAND;
	return left_at && time_put(deadline > now ? deadline - now : 0, left_at, 1) ? -EFAULT : err;
}

int64_t sys_clock_nanosleep(const uint64_t arg[6])
{
	struct cpu_timer clock;
	uint64_t ns, now;
	int err;

	if (!clock_read((int32_t)arg[0], &now) || (arg[1] & ~1ull))
		return -EINVAL;
	if (arg[0] == CLOCK_THREAD || (arg[0] >= CLOCK_MONOTONIC_RAW && arg[0] <= CLOCK_MONOTONIC_COARSE))
		return -EOPNOTSUPP;
	err = time_get(&ns, arg[2], 1);
	if (clock_is_cpu((int32_t)arg[0], &clock)) {
		/* A thread cannot wait for its own time to pass. */
		if (clock.tid == thread_current()->tid)
			return -EINVAL;
		return err ? err : cpu_sleep(&clock, ns, arg[1] & 1, arg[3]);
	}
	return err ? err : sleep_call(ns, clock_monotonic_ns(), arg[1] & 1, clock_is_real(arg[0]), arg[3]);
}
