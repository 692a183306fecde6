// SPDX-License-Identifier: MIT
/*
 * sys_timer.c - POSIX timers: timer_create and its family.
 *
 * A timer of time lies on the core of the thread that set it, one of processor time with the process.
 * While its signal is pending a timer does not run: when the signal is taken, the periods that have
 * passed are counted and it is started again, as Linux does it. So a program that blocks the signal is
 * not interrupted for nothing.
 *
 * One lock guards all slots. Timers are cancelled without it, because expiry takes it; expiry looks at
 * the time again.
 */
#include <kern/calls.h>
#include <kern/clock.h>
#include <kern/errno.h>
#include <kern/lock.h>
#include <kern/posix_timer.h>
#include <kern/process.h>
#include <kern/signal.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/uaccess.h>

#include "time_priv.h"

#define TIMERS       128u
#define OVERRUN_MAX  0x7fffffffu   /* DELAYTIMER_MAX */

enum { NOTIFY_SIGNAL = 0, NOTIFY_NONE = 1, NOTIFY_THREAD_ID = 4 };
enum { TIMER_ABSTIME = 1 };
enum { CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1, CLOCK_BOOTTIME = 7, CLOCK_TAI = 11 };

struct posix_timer {
	struct process *process;   /* NULL: the slot is free */
	struct timer timer;        /* one of the two runs, */
	struct cpu_timer cpu;
	bool by_cpu, realtime;
	bool armed;                /* if armed and not pending */
	bool pending;              /* its signal waits to be taken */
	uint64_t at, interval;     /* when it expires by its clock: time_ns() or processor time */
	int32_t signo, notify, tid;
	uint64_t value;
	uint32_t overrun;          /* periods that passed before the last signal was taken */
	uint32_t set;              /* how often it was set: tells old signals */
};

/* Linux's struct sigevent, as far as it is looked at. */
struct event {
	uint64_t value;
	int32_t signo, notify, tid, pad;
};

struct spec {
	int64_t interval[2], value[2];
};

static struct spinlock lock = SPINLOCK_INIT;   /* guards all slots */
static struct posix_timer slots[TIMERS];

static void timer_expire(struct timer *timer);
static void cpu_expire(struct cpu_timer *timer);

/* Lock held. */
static struct posix_timer *slot_of(uint64_t id)
{
	return id < TIMERS && slots[id].process == process_current() ? &slots[id] : NULL;
}

static uint64_t now_of(const struct posix_timer *t)
{
	return t->by_cpu ? cpu_timer_now(t->process, &t->cpu) : time_ns();
}

static void run_at(struct posix_timer *t, uint64_t at)
{
	if (t->by_cpu)
		cpu_timer_start(t->process, &t->cpu, at);
	else
		timer_start(&t->timer, at, timer_expire, t);
}

/* After a signal: at the next period, or as soon as there may be one. `at` stays: it counts what passed. */
static void run_on(struct posix_timer *t, uint64_t now)
{
	uint64_t least = now + timer_period_least();

	run_at(t, t->at > least ? t->at : least);
}

/* Moves a periodic timer to its first period behind now; returns how many passed. Lock held. */
static uint64_t forward(struct posix_timer *t, uint64_t now)
{
	uint64_t passed = now < t->at ? 0 : (now - t->at) / t->interval + 1;

	t->at += passed * t->interval;
	return passed;
}

static bool ignored(struct process *process, int signo)
{
	bool is;

	spin_lock(&process->lock);
	is = signal_ignored(process, signo);
	spin_unlock(&process->lock);
	return is;
}

/* Sends the signal. False if it will not be taken: nobody is told, so the timer goes on by itself. */
static bool notify(const struct posix_timer *t, const struct signal_info *info)
{
	if (t->notify == NOTIFY_NONE || ignored(t->process, t->signo))
		return false;
	if (t->notify == NOTIFY_THREAD_ID)
		return signal_send_tid(t->process, (uint32_t)t->tid, info) == 0;
	return signal_send(t->process, NULL, info) == 0;
}

static void expire(struct posix_timer *t)
{
	struct signal_info info = { .code = SI_TIMER };
	uint64_t now = now_of(t);

	spin_lock(&lock);
	if (!t->process || !t->armed || t->pending || t->at > now) {
		spin_unlock(&lock);
		return;
	}
	info.signo = t->signo;
	info.pad = (int32_t)t->set;
	info.timer.timer = (int32_t)(t - slots);
	info.timer.value = t->value;
	t->pending = notify(t, &info);
	if (!t->pending && t->interval) {
		forward(t, now);
		run_on(t, now);
	} else if (!t->pending) {
		t->armed = false;
	}
	spin_unlock(&lock);
}

static void timer_expire(struct timer *timer)
{
	expire(timer->arg);
}

static void cpu_expire(struct cpu_timer *timer)
{
	expire(list_entry(timer, struct posix_timer, cpu));
}

void posix_timer_taken(struct signal_info *info)
{
	uint32_t id = (uint32_t)info->timer.timer;
	struct posix_timer *t = &slots[id % TIMERS];
	uint64_t now, passed;

	spin_lock(&lock);
	if (id < TIMERS && t->process == process_current() && t->pending && t->set == (uint32_t)info->pad) {
		t->pending = false;
		t->overrun = 0;
		if (t->interval) {
			/* The first period that passed is the one that the signal is for. */
			now = now_of(t);
			passed = forward(t, now);
			passed -= passed != 0;
			t->overrun = passed > OVERRUN_MAX ? OVERRUN_MAX : (uint32_t)passed;
			run_on(t, now);
		} else {
			t->armed = false;
		}
		info->timer.overrun = (int32_t)t->overrun;
	}
	spin_unlock(&lock);
	info->pad = 0;
}

/* What timer_create was asked for. 0 or -errno. */
static int event_check(const struct event *event)
{
	if (event->notify == NOTIFY_NONE)
		return 0;
	if (event->signo < 1 || event->signo > PROCESS_NR_SIGNALS)
		return -EINVAL;
	if (event->notify == NOTIFY_THREAD_ID)
		return process_has_thread(process_current(), (uint32_t)event->tid) ? 0 : -EINVAL;
	return event->notify == NOTIFY_SIGNAL ? 0 : -EINVAL;
}

int64_t sys_timer_create(const uint64_t arg[6])
{
	struct event event = { .signo = SIGNAL_ALRM, .notify = NOTIFY_SIGNAL };
	int32_t clock = (int32_t)arg[0], id;
	struct cpu_timer cpu;
	bool by_cpu = clock_is_cpu(clock, &cpu);
	int err;

	/* They would not outlive a child of vfork, and none of its lender's is its. */
	if (process_current()->vfork)
		return -EAGAIN;
	if (!by_cpu && clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME &&
	    clock != CLOCK_TAI)
		return -EINVAL;
	if (arg[1] && get_user(&event, arg[1]))
		return -EFAULT;
	err = event_check(&event);
	if (err)
		return err;
	cpu.expire = cpu_expire;
	spin_lock(&lock);
	for (id = 0; id < (int32_t)TIMERS && slots[id].process; id++)
		;
	if (id < (int32_t)TIMERS)
		slots[id] = (struct posix_timer){
			.process = process_current(), .by_cpu = by_cpu, .cpu = cpu,
			.realtime = clock == CLOCK_REALTIME || clock == CLOCK_TAI, .signo = event.signo,
			.notify = event.notify, .tid = event.tid, .value = arg[1] ? event.value : (uint32_t)id,
			.set = slots[id].set,
		};
	spin_unlock(&lock);
	if (id == (int32_t)TIMERS)
		return -EAGAIN;
	return put_user(&id, arg[2]) ? -EFAULT : 0;
}

/* Lock held. */
static void spec_fill(struct spec *spec, const struct posix_timer *t)
{
	uint64_t now = now_of(t), left = 0, at = t->at;

	if (t->armed && t->pending && t->interval && at <= now)
		at += ((now - at) / t->interval + 1) * t->interval;
	/* Not 0 while it is armed: a pending one is about to be started again. */
	if (t->armed && (!t->pending || t->interval))
		left = at > now ? at - now : 1;
	*spec = (struct spec){
		{ (int64_t)(t->interval / TIME_NS), (int64_t)(t->interval % TIME_NS) },
		{ (int64_t)(left / TIME_NS), (int64_t)(left % TIME_NS) },
	};
}

static bool time_wrong(const int64_t time[2])
{
	return time[0] < 0 || time[1] < 0 || time[1] >= (int64_t)TIME_NS;
}

static uint64_t time_of(const int64_t time[2])
{
	return time[0] > 9000000000 ? ~0ull / 2 : (uint64_t)time[0] * TIME_NS + (uint64_t)time[1];
}

/* Ends what is running, and returns the timer with the lock held; NULL (and no lock) if there is none. */
static struct posix_timer *disarm(uint64_t id, struct spec *old)
{
	struct posix_timer *t;

	spin_lock(&lock);
	t = slot_of(id);
	if (t)
		spec_fill(old, t);
	while (t) {
		t->armed = t->pending = false;
		t->set++;
		spin_unlock(&lock);
		timer_cancel(&t->timer);
		cpu_timer_cancel(process_current(), &t->cpu);
		spin_lock(&lock);
		t = slot_of(id);
		/* Unless another thread was faster. */
		if (t && !t->armed)
			return t;
	}
	spin_unlock(&lock);
	return NULL;
}

int64_t sys_timer_settime(const uint64_t arg[6])
{
	struct posix_timer *t;
	struct spec new, old;
	uint64_t value;

	if (get_user(&new, arg[2]))
		return -EFAULT;
	if (time_wrong(new.interval) || time_wrong(new.value))
		return -EINVAL;
	t = disarm(arg[0], &old);
	if (!t)
		return -EINVAL;
	value = time_of(new.value);
	t->interval = time_of(new.interval);
	t->overrun = 0;
	if (value) {
		if (!(arg[1] & TIMER_ABSTIME))
			t->at = now_of(t) + value;
		else
			t->at = t->by_cpu ? value : clock_to_time(value, t->realtime);
		t->armed = true;
		run_at(t, t->at);
	}
	spin_unlock(&lock);
	return arg[3] && put_user(&old, arg[3]) ? -EFAULT : 0;
}

int64_t sys_timer_gettime(const uint64_t arg[6])
{
	struct posix_timer *t;
	struct spec spec;

	spin_lock(&lock);
	t = slot_of(arg[0]);
	if (t)
		spec_fill(&spec, t);
	spin_unlock(&lock);
	if (!t)
		return -EINVAL;
	return put_user(&spec, arg[1]) ? -EFAULT : 0;
}

int64_t sys_timer_getoverrun(const uint64_t arg[6])
{
	struct posix_timer *t;
	int64_t overrun;

	spin_lock(&lock);
	t = slot_of(arg[0]);
	overrun = t ? (int64_t)t->overrun : -EINVAL;
	spin_unlock(&lock);
	return overrun;
}

void posix_timers_delete(void)
{
	struct posix_timer *t;
	struct spec old;
	uint64_t id;

	for (id = 0; id < TIMERS; id++) {
		t = disarm(id, &old);
		if (!t)
			continue;
		t->process = NULL;
		spin_unlock(&lock);
	}
}

int64_t sys_timer_delete(const uint64_t arg[6])
{
	struct posix_timer *t;
	struct spec old;

	t = disarm(arg[0], &old);
	if (!t)
		return -EINVAL;
	t->process = NULL;
	spin_unlock(&lock);
	return 0;
}
