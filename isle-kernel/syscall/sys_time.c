// SPDX-License-Identifier: MIT
/*
 * sys_time.c - clocks, sleeping, interval timers.
 */
#include <arch/cpu.h>
#include <kern/calls.h>
#include <kern/clock.h>
#include <kern/errno.h>
#include <kern/process.h>
#include <kern/signal.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/timer.h>
#include <kern/uaccess.h>
#include <kern/usage.h>
#include <kern/waitq.h>

#define NS  1000000000ull

enum {
	CLOCK_REALTIME = 0, CLOCK_MONOTONIC, CLOCK_PROCESS, CLOCK_THREAD, CLOCK_MONOTONIC_RAW,
	CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_REALTIME_ALARM,
	CLOCK_BOOTTIME_ALARM, CLOCK_TAI = 11,
};

struct user_time {
	int64_t sec, part;   /* nanoseconds or microseconds */
};

static bool clock_is_real(uint64_t id)
{
	return id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE || id == CLOCK_REALTIME_ALARM;
}

/* False if there is no such clock. A negative id names a thread's or the process's CPU time. */
static bool clock_read(int32_t id, uint64_t *ns)
{
	if (id < 0)
		*ns = (id & 7) == 6 ? usage_thread_ns(thread_current()) : usage_process_ns(process_current());
	else if (clock_is_real((uint64_t)id) || id == CLOCK_TAI)
		*ns = clock_realtime_ns();
	else if (id == CLOCK_PROCESS)
		*ns = usage_process_ns(process_current());
	else if (id == CLOCK_THREAD)
		*ns = usage_thread_ns(thread_current());
	else if (id <= CLOCK_BOOTTIME_ALARM)
		*ns = clock_monotonic_ns();
	else
		return false;
	return true;
}

static int time_put(uint64_t ns, isle_uva_t to, uint64_t unit)
{
	const struct user_time time = { (int64_t)(ns / NS), (int64_t)(ns % NS / unit) };

	return put_user(&time, to);
}

static int time_get(uint64_t *ns, isle_uva_t from, uint64_t unit)
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

int64_t sys_times(const uint64_t arg[6])
{
	const uint64_t tick = NS / 100;
	const int64_t times[4] = { (int64_t)(usage_process_ns(process_current()) / tick), 0, 0, 0 };

	if (arg[0] && put_user(&times, arg[0]))
		return -EFAULT;
	return (int64_t)(clock_monotonic_ns() / tick);
}

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

int64_t sys_clock_nanosleep(const uint64_t arg[6])
{
	uint64_t ns, now;
	int err;

	if (!clock_read((int32_t)arg[0], &now) || (arg[1] & ~1ull) || arg[0] == CLOCK_THREAD)
		return -EINVAL;
	if (arg[0] == CLOCK_PROCESS || (int32_t)arg[0] < 0 || arg[0] == CLOCK_MONOTONIC_RAW)
		return -EOPNOTSUPP;
	err = time_get(&ns, arg[2], 1);
	return err ? err : sleep_call(ns, clock_monotonic_ns(), arg[1] & 1, clock_is_real(arg[0]), arg[3]);
}

/*
 * ITIMER_REAL: one a process. The timer lies on the core of the thread that set it; expiry sends
 * the signal and starts it again.
 */
static struct {
	struct spinlock lock;
	struct timer timer;
	struct process *process;
	uint64_t interval;
	bool armed;
} real;

static void real_expire(struct timer *timer)
{
	struct signal_info info = { .signo = SIGNAL_ALRM, .code = SI_KERNEL };
	struct process *process;

	spin_lock(&real.lock);
	process = real.armed ? real.process : NULL;
	if (process && real.interval)
		timer_start(timer, timer->at_ns + real.interval, real_expire, NULL);
	else
		real.armed = false;
	spin_unlock(&real.lock);
	if (process)
		signal_send(process, NULL, &info);
}

/* Sets it anew; *left and *interval get what it was. A value of 0 ends it. */
static void real_set(uint64_t value, uint64_t interval, uint64_t *left, uint64_t *old_interval)
{
	uint64_t now = time_ns();

	spin_lock(&real.lock);
	*left = real.armed ? (real.timer.at_ns > now ? real.timer.at_ns - now : 1) : 0;
	*old_interval = real.interval;
	real.armed = false;
	spin_unlock(&real.lock);
	timer_cancel(&real.timer);
	if (!value)
		return;
	spin_lock(&real.lock);
	real.process = process_current();
	real.interval = interval;
	real.armed = true;
	timer_start(&real.timer, now + value, real_expire, NULL);
	spin_unlock(&real.lock);
}

int64_t sys_getitimer(const uint64_t arg[6])
{
	uint64_t now = time_ns(), left, interval;

	if (arg[0])
		return arg[0] > 2 ? -EINVAL : syscall_unknown(36);
	spin_lock(&real.lock);
	left = real.armed ? (real.timer.at_ns > now ? real.timer.at_ns - now : 1000) : 0;
	interval = real.armed ? real.interval : 0;
	spin_unlock(&real.lock);
	return time_put(interval, arg[1], 1000) || time_put(left, arg[1] + 16, 1000) ? -EFAULT : 0;
}

int64_t sys_setitimer(const uint64_t arg[6])
{
	uint64_t value, interval, left, old;
	int err;

	if (arg[0])
		return arg[0] > 2 ? -EINVAL : syscall_unknown(38);
	value = interval = 0;
	err = arg[1] ? time_get(&interval, arg[1], 1000) : 0;
	if (!err && arg[1])
		err = time_get(&value, arg[1] + 16, 1000);
	if (err)
		return err;
	real_set(value, interval, &left, &old);
	if (!arg[2])
		return 0;
	return time_put(old, arg[2], 1000) || time_put(left, arg[2] + 16, 1000) ? -EFAULT : 0;
}

int64_t sys_alarm(const uint64_t arg[6])
{
	uint64_t left, old;

	real_set((uint32_t)arg[0] * NS, 0, &left, &old);
	return (int64_t)((left + NS - 1) / NS);
}
