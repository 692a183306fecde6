// SPDX-License-Identifier: MIT
/*
 * sys_itimer.c - setitimer's three timers, and alarm.
 *
 * ITIMER_REAL lies on the core of the thread that set it; the two of processor time lie with the
 * process (kern/cpu_timer.h). Their lock is not held where a timer is cancelled, because expiry takes it;
 * so expiry looks at the time once more.
 */
#include <kern/calls.h>
#include <kern/errno.h>
#include <kern/process.h>
#include <kern/signal.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/timer.h>
#include <kern/uaccess.h>

#include "time_priv.h"

#define VALUE_BYTES  32u   /* Linux's struct itimerval */

enum { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };

struct value {
	uint64_t left, interval;   /* nanoseconds; left 0: off */
};

/* The first moment of a period behind now, or as soon as there may be one. */
static uint64_t next_of(uint64_t at, uint64_t interval, uint64_t now)
{
	now += timer_period_least();
	return now < at ? at : at + ((now - at) / interval + 1) * interval;
}

static void real_expire(struct timer *timer)
{
	struct signal_info info = { .signo = SIGNAL_ALRM, .code = SI_KERNEL };
	struct process *process = timer->arg;
	struct itimers *timers = &process->itimers;
	uint64_t now = time_ns();
	bool due;

	spin_lock(&timers->lock);
	due = timers->real.armed && timer->at_ns <= now;
	if (due && timers->real.interval)
		timer_start(timer, next_of(timer->at_ns, timers->real.interval, now), real_expire, process);
	else if (due)
		timers->real.armed = false;
	spin_unlock(&timers->lock);
	if (due)
		signal_send(process, NULL, &info);
}

static void cpu_expire(struct cpu_timer *timer)
{
	struct itimer_cpu *cpu = list_entry(timer, struct itimer_cpu, timer);
	struct signal_info info = { .signo = cpu->signo, .code = SI_KERNEL };
	struct process *process = cpu->process;
	uint64_t now = cpu_timer_now(process, timer);
	bool due;

	spin_lock(&process->itimers.lock);
	due = cpu->armed && timer->at_ns <= now;
	if (due && cpu->interval)
		cpu_timer_start(process, timer, next_of(timer->at_ns, cpu->interval, now));
	else if (due)
		cpu->armed = false;
	spin_unlock(&process->itimers.lock);
	if (due)
		signal_send(process, NULL, &info);
}

static uint64_t left_of(bool armed, uint64_t at, uint64_t now)
{
	/* Never 0 while it runs. */
	return !armed ? 0 : at > now + 1000 ? at - now : 1000;
}

static struct value real_get(struct itimers *timers)
{
	struct value value;

	spin_lock(&timers->lock);
	value.left = left_of(timers->real.armed, timers->real.timer.at_ns, time_ns());
	value.interval = timers->real.interval;
	spin_unlock(&timers->lock);
	return value;
}

static struct value real_set(struct process *process, struct value new)
{
	struct itimers *timers = &process->itimers;
	struct value old = real_get(timers);

	spin_lock(&timers->lock);
	do {
		timers->real.armed = false;
		spin_unlock(&timers->lock);
		timer_cancel(&timers->real.timer);
		spin_lock(&timers->lock);
		/* Unless another thread was faster. */
	} while (timers->real.armed);
	timers->real.interval = new.interval;
	timers->real.armed = new.left != 0;
	if (new.left)
		timer_start(&timers->real.timer, time_ns() + new.left, real_expire, process);
	spin_unlock(&timers->lock);
	return old;
}

static struct value cpu_get(struct process *process, struct itimer_cpu *cpu)
{
	uint64_t now = cpu_timer_now(process, &cpu->timer);
	struct value value;

	spin_lock(&process->itimers.lock);
	value.left = left_of(cpu->armed, cpu->timer.at_ns, now);
	value.interval = cpu->interval;
	spin_unlock(&process->itimers.lock);
	return value;
}

static struct value cpu_set(struct process *process, struct itimer_cpu *cpu, struct value new)
{
	struct value old = cpu_get(process, cpu);
	uint64_t now;

	spin_lock(&process->itimers.lock);
	cpu->armed = false;
	spin_unlock(&process->itimers.lock);
	cpu_timer_cancel(process, &cpu->timer);
	now = cpu_timer_now(process, &cpu->timer);
	spin_lock(&process->itimers.lock);
	cpu->process = process;
	cpu->interval = new.interval;
	cpu->armed = new.left != 0;
	if (new.left)
		cpu_timer_start(process, &cpu->timer, now + new.left);
	spin_unlock(&process->itimers.lock);
	return old;
}

static struct itimer_cpu *cpu_of(struct process *process, uint64_t which)
{
	struct itimer_cpu *cpu = &process->itimers.cpu[which - ITIMER_VIRTUAL];

	cpu->timer.user = which == ITIMER_VIRTUAL;
	cpu->timer.expire = cpu_expire;
	cpu->signo = which == ITIMER_VIRTUAL ? SIGNAL_VTALRM : SIGNAL_PROF;
	return cpu;
}

static int64_t value_put(struct value value, isle_uva_t to)
{
	return time_put(value.interval, to, 1000) || time_put(value.left, to + 16, 1000) ? -EFAULT : 0;
}

/* A child of vfork sets them for the program that it will be on Linux: they outlive its exec. */
static int64_t forward(uint32_t nr, const uint64_t arg[6], isle_uva_t value, isle_uva_t old)
{
	syscall_present(value, VALUE_BYTES);
	syscall_present(old, VALUE_BYTES);
	return syscall_forward(nr, arg);
}

int64_t sys_getitimer(const uint64_t arg[6])
{
	struct process *process = process_current();

	if (process->vfork)
		return forward(36, arg, arg[1], 0);
	if (arg[0] > ITIMER_PROF)
		return -EINVAL;
	if (arg[0] == ITIMER_REAL)
		return value_put(real_get(&process->itimers), arg[1]);
	return value_put(cpu_get(process, cpu_of(process, arg[0])), arg[1]);
}

int64_t sys_setitimer(const uint64_t arg[6])
{
	struct process *process = process_current();
	struct value new = { 0, 0 }, old;
	int err;

	if (process->vfork)
		return forward(38, arg, arg[1], arg[2]);
	err = arg[1] ? time_get(&new.interval, arg[1], 1000) : 0;
	if (!err && arg[1])
		err = time_get(&new.left, arg[1] + 16, 1000);
	if (err || arg[0] > ITIMER_PROF)
		return err ? err : -EINVAL;
	if (arg[0] == ITIMER_REAL)
		old = real_set(process, new);
	else
		old = cpu_set(process, cpu_of(process, arg[0]), new);
	return arg[2] ? value_put(old, arg[2]) : 0;
}

int64_t sys_alarm(const uint64_t arg[6])
{
	const struct value new = { (uint32_t)arg[0] * TIME_NS, 0 };
	struct value old;

	if (process_current()->vfork)
		return forward(37, arg, 0, 0);
	old = real_set(process_current(), new);
	/* Seconds, rounded as Linux does: to the nearest, but never to 0. */
	if (!old.left)
		return 0;
	return old.left < TIME_NS ? 1 : (int64_t)((old.left + TIME_NS / 2) / TIME_NS);
}
