// SPDX-License-Identifier: MIT
/*
 * sys_timer.c - POSIX timers: timer_create and its family, for clocks that tell the time of day or
 * since boot.
 *
 * A timer lies on the core of the thread that set it. Its slot is guarded by one lock; kern/timer.c
 * is asked to cancel without it, because the expiry takes it.
 */
#include <kern/calls.h>
#include <kern/clock.h>
#include <kern/errno.h>
#include <kern/lock.h>
#include <kern/process.h>
#include <kern/signal.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/timer.h>
#include <kern/uaccess.h>

#define NS       1000000000ull
#define TIMERS   128u

enum { NOTIFY_SIGNAL = 0, NOTIFY_NONE = 1, NOTIFY_THREAD_ID = 4 };
enum { TIMER_ABSTIME = 1 };

struct posix_timer {
	struct timer timer;
	struct process *process;   /* NULL: the slot is free */
	uint64_t interval;
	bool armed, realtime;
	int32_t signo, notify, tid;
	uint64_t value;
	int32_t overrun;
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

static struct posix_timer *slot_of(uint64_t id)
{
	return id < TIMERS && slots[id].process ? &slots[id] : NULL;
}

/* The thread to be told; NULL: the process. */
static struct thread *thread_of(struct process *process, int32_t tid)
{
	struct thread *found = NULL;
	struct list *link;

	spin_lock(&process->lock);
	list_for_each(link, &process->threads)
		if (list_entry(link, struct thread, process_link)->tid == (uint32_t)tid)
			found = list_entry(link, struct thread, process_link);
	spin_unlock(&process->lock);
	return found;
}

static void expire(struct timer *timer)
{
	struct posix_timer *t = list_entry(timer, struct posix_timer, timer);
	struct signal_info info = { .code = SI_TIMER };
	struct thread *thread = NULL;
	struct process *process;
	int32_t notify, tid;

	spin_lock(&lock);
	process = t->armed ? t->process : NULL;
	notify = t->notify;
	tid = t->tid;
	t->overrun = 0;
	if (process && t->interval) {
		uint64_t late = time_ns() - timer->at_ns;

		t->overrun = (int32_t)(late / t->interval);
		timer_start(timer, timer->at_ns + (late / t->interval + 1) * t->interval, expire, NULL);
	} else {
		t->armed = false;
	}
	info.signo = t->signo;
	info.timer.timer = (int32_t)(t - slots);
	info.timer.overrun = t->overrun;
	info.timer.value = t->value;
	spin_unlock(&lock);
	if (!process || notify == NOTIFY_NONE)
		return;
	if (notify == NOTIFY_THREAD_ID)
		thread = thread_of(process, tid);
	signal_send(process, thread, &info);
}

int64_t sys_timer_create(const uint64_t arg[6])
{
	struct event event = { .signo = SIGNAL_ALRM, .notify = NOTIFY_SIGNAL };
	int32_t clock = (int32_t)arg[0], id;

	if (clock == 2 || clock == 3 || clock < 0)
		return syscall_unknown(222);   /* timers by processor time */
	if (clock != 0 && clock != 1 && clock != 7)
		return -EINVAL;
	if (arg[1] && get_user(&event, arg[1]))
		return -EFAULT;
	if (event.notify != NOTIFY_NONE && (event.signo < 1 || event.signo > PROCESS_NR_SIGNALS))
		return -EINVAL;
	if (event.notify != NOTIFY_SIGNAL && event.notify != NOTIFY_NONE && event.notify != NOTIFY_THREAD_ID)
		return -EINVAL;
	if (event.notify == NOTIFY_THREAD_ID && !thread_of(process_current(), event.tid))
		return -EINVAL;
	spin_lock(&lock);
	for (id = 0; id < (int32_t)TIMERS && slots[id].process; id++)
		;
	if (id < (int32_t)TIMERS)
		slots[id] = (struct posix_timer){
			.process = process_current(), .realtime = clock == 0, .signo = event.signo,
			.notify = event.notify, .tid = event.tid, .value = arg[1] ? event.value : (uint32_t)id,
		};
	spin_unlock(&lock);
	if (id == (int32_t)TIMERS)
		return -EAGAIN;
	return put_user(&id, arg[2]) ? -EFAULT : 0;
}

static void spec_fill(struct spec *spec, const struct posix_timer *t)
{
	uint64_t now = time_ns(), left = 0;

	if (t->armed)
		left = t->timer.at_ns > now ? t->timer.at_ns - now : 1;
	*spec = (struct spec){
		{ (int64_t)(t->interval / NS), (int64_t)(t->interval % NS) },
		{ (int64_t)(left / NS), (int64_t)(left % NS) },
	};
}

static bool time_wrong(const int64_t time[2])
{
	return time[0] < 0 || time[1] < 0 || time[1] >= (int64_t)NS;
}

static uint64_t time_of(const int64_t time[2])
{
	return time[0] > 9000000000 ? ~0ull / 2 : (uint64_t)time[0] * NS + (uint64_t)time[1];
}

/* Ends what is running. False if there is no such timer. */
static bool disarm(uint64_t id, struct spec *old)
{
	struct posix_timer *t;

	spin_lock(&lock);
	t = slot_of(id);
	if (t) {
		spec_fill(old, t);
		t->armed = false;
	}
	spin_unlock(&lock);
	if (t)
		timer_cancel(&t->timer);
	return t;
}

int64_t sys_timer_settime(const uint64_t arg[6])
{
	struct spec new, old;
	uint64_t value;

	if (get_user(&new, arg[2]))
		return -EFAULT;
	if (time_wrong(new.interval) || time_wrong(new.value) || !disarm(arg[0], &old))
		return -EINVAL;
	value = time_of(new.value);
	spin_lock(&lock);
	if (value && slot_of(arg[0])) {
		struct posix_timer *t = slot_of(arg[0]);
		uint64_t at = arg[1] & TIMER_ABSTIME ? clock_to_time(value, t->realtime) : time_ns() + value;

		t->interval = time_of(new.interval);
		t->armed = true;
		timer_start(&t->timer, at, expire, NULL);
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
	int32_t overrun = 0;

	spin_lock(&lock);
	t = slot_of(arg[0]);
	if (t)
		overrun = t->overrun;
	spin_unlock(&lock);
	return t ? overrun : -EINVAL;
}

int64_t sys_timer_delete(const uint64_t arg[6])
{
	struct spec old;

	if (!disarm(arg[0], &old))
		return -EINVAL;
	spin_lock(&lock);
	slots[arg[0]].process = NULL;
	spin_unlock(&lock);
	return 0;
}
