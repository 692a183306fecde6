// SPDX-License-Identifier: MIT
/*
 * signal.c - signals sent, queued and taken.
 *
 * A pending signal is a bit in a set and, with its details, an entry in a queue; signals below 32
 * are pending once, those above as often as they were sent. A thread's `work` says "signal" only if
 * one is pending that would do something and is not blocked, so that a wait is never broken for
 * nothing.
 *
 * Lock: the process's, for all sets, masks and queues.
 */
#include <kern/signal.h>

#include <kern/boot.h>
#include <kern/errno.h>
#include <kern/kmalloc.h>
#include <kern/posix_timer.h>
#include <kern/process.h>
#include <kern/signal_linux.h>
#include <kern/string.h>
#include <kern/thread.h>

#include <isle/signal.h>
#include <isle/window.h>

/* Entries that may wait; more real-time signals are refused. */
#define QUEUE_MAX  4096u

struct queued {
	struct list link;
	struct signal_info info;
};

static uint32_t queued_nr;   /* atomic */

#define IGNORED_BY_DEFAULT \
	(SIGNAL_BIT(SIGNAL_CHLD) | SIGNAL_BIT(SIGNAL_CONT) | SIGNAL_BIT(SIGNAL_URG) | SIGNAL_BIT(SIGNAL_WINCH))

bool signal_ignored(const struct process *process, int signo)
{
	uint64_t handler = process->action[signo - 1].handler;

	if (SIGNAL_BIT(signo) & SIGNALS_HARD)
		return false;
	return handler == SIGNAL_IGN || (handler == SIGNAL_DFL && (SIGNAL_BIT(signo) & IGNORED_BY_DEFAULT));
}

uint64_t signal_pending(const struct thread *thread)
{
	return thread->sig_pending | thread->process->sig_pending;
}

/* Lock held. */
static struct thread *taker_find(struct process *process, int signo)
{
	struct list *link;

	list_for_each(link, &process->threads) {
		struct thread *thread = list_entry(link, struct thread, process_link);

		if (!thread->leaving &&
		    (!(thread->sig_blocked & SIGNAL_BIT(signo)) || (thread->sig_awaited & SIGNAL_BIT(signo))))
			return thread;
	}
	return NULL;
}

/*
 * A thread no longer takes these signals, ends, or waits for them no more: who else would take those of them that are
 * pending for the program is told, since only this thread may have been (Linux, retarget_shared_pending). Lock held.
 */
static void pending_pass_on(struct process *process, uint64_t set)
{
	uint64_t told = 0;

	for (set &= process->sig_pending; set; set &= set - 1) {
		struct thread *taker = taker_find(process, __builtin_ctzll(set) + 1);

		if (taker && told != taker->tid)
			thread_work_set(taker, THREAD_WORK_SIGNAL);
		told = taker ? taker->tid : told;
	}
}

/* Lock held. */
static int pending_add(uint64_t *pending, struct list *queue, const struct signal_info *info)
{
	struct queued *entry;

	/* A timer waits for its own signal to be taken, so that one is never left out. */
	if (info->signo < SIGNAL_REALTIME && (*pending & SIGNAL_BIT(info->signo)) && info->code != SI_TIMER)
		return 0;
	entry = __atomic_load_n(&queued_nr, __ATOMIC_RELAXED) < QUEUE_MAX ? kmalloc(sizeof(*entry)) : NULL;
	if (!entry) {
		if (info->signo >= SIGNAL_REALTIME || info->code == SI_TIMER)
			return -EAGAIN;
		/* Without its details, as on Linux: SIGTERM is not lost because others fill the queue. */
		*pending |= SIGNAL_BIT(info->signo);
		return 0;
	}
	entry->info = *info;
	list_add_tail(queue, &entry->link);
	__atomic_add_fetch(&queued_nr, 1, __ATOMIC_RELAXED);
	*pending |= SIGNAL_BIT(info->signo);
	return 0;
}

/* To the thread, or the process if it is NULL. Lock held. */
static int send_locked(struct process *process, struct thread *thread, const struct signal_info *info)
{
	struct thread *taker = thread ? thread : taker_find(process, info->signo);
	int err;

	/*
	 * An ignored signal that is blocked or awaited stays: its disposition may change before it
	 * is looked at.
	 */
	if (signal_ignored(process, info->signo) && taker &&
	    !((taker->sig_blocked | taker->sig_awaited) & SIGNAL_BIT(info->signo)))
		return 0;
	if (thread)
		err = pending_add(&thread->sig_pending, &thread->sig_queue, info);
	else
		err = pending_add(&process->sig_pending, &process->sig_queue, info);
	if (taker && (!(taker->sig_blocked & SIGNAL_BIT(info->signo)) ||
		      (taker->sig_awaited & SIGNAL_BIT(info->signo))))
		thread_work_set(taker, THREAD_WORK_SIGNAL);
	return err;
}

int signal_send(struct process *process, struct thread *thread, const struct signal_info *info)
{
	int err;

	spin_lock(&process->lock);
	err = send_locked(process, thread, info);
	spin_unlock(&process->lock);
	return err;
}

int signal_send_tid(struct process *process, uint32_t tid, const struct signal_info *info)
{
	struct list *link;
	int err = -ESRCH;

	spin_lock(&process->lock);
	list_for_each(link, &process->threads) {
		struct thread *thread = list_entry(link, struct thread, process_link);

		if (thread->tid != tid)
			continue;
		err = thread->leaving ? 0 : send_locked(process, thread, info);
		break;
	}
	spin_unlock(&process->lock);
	return err;
}

void signal_send_thread(struct thread *thread, int signo)
{
	struct signal_info info = { .signo = signo, .code = SI_USER };

	info.sent.pid = (int32_t)thread->process->pid;
	info.sent.uid = thread->process->uid;
	signal_send(thread->process, thread, &info);
}

void signal_force(int signo, int code, uint64_t addr)
{
	struct signal_info info = { .signo = signo, .code = code };
	struct thread *me = thread_current();
	struct process *process = me->process;

	info.fault.addr = addr;
	spin_lock(&process->lock);
	if ((me->sig_blocked & SIGNAL_BIT(signo)) || process->action[signo - 1].handler == SIGNAL_IGN) {
		me->sig_blocked &= ~SIGNAL_BIT(signo);
		process->action[signo - 1].handler = SIGNAL_DFL;
	}
	pending_add(&me->sig_pending, &me->sig_queue, &info);
	spin_unlock(&process->lock);
	__atomic_or_fetch(&me->work, THREAD_WORK_SIGNAL, __ATOMIC_RELAXED);
}

void signal_mask_set(uint64_t mask)
{
	struct thread *me = thread_current();
	uint64_t before;

	spin_lock(&me->process->lock);
	before = me->sig_blocked;
	me->sig_blocked = mask & ~SIGNALS_HARD;
	pending_pass_on(me->process, me->sig_blocked & ~before);
	if (signal_pending(me) & ~me->sig_blocked)
		__atomic_or_fetch(&me->work, THREAD_WORK_SIGNAL, __ATOMIC_RELAXED);
	spin_unlock(&me->process->lock);
	signal_left_update(me->process);
}

/* Takes the first entry of a signal off. Lock held. */
static void queue_take(uint64_t *pending, struct list *queue, int signo, struct signal_info *info)
{
	struct list *link, *after;
	bool found = false;

	*info = (struct signal_info){ .signo = signo, .code = SI_KERNEL };
	*pending &= ~SIGNAL_BIT(signo);
	list_for_each_safe(link, after, queue) {
		struct queued *entry = list_entry(link, struct queued, link);

		if (entry->info.signo != signo)
			continue;
		if (found) {
			*pending |= SIGNAL_BIT(signo);
			return;
		}
		found = true;
		*info = entry->info;
		list_remove(link);
		kfree(entry);
		__atomic_sub_fetch(&queued_nr, 1, __ATOMIC_RELAXED);
	}
}

/* Synchronous ones first, then by number (Linux, next_signal). */
static int first_of(uint64_t set)
{
	uint64_t sync = set & (SIGNAL_BIT(SIGNAL_SEGV) | SIGNAL_BIT(SIGNAL_BUS) | SIGNAL_BIT(SIGNAL_ILL) |
			       SIGNAL_BIT(SIGNAL_TRAP) | SIGNAL_BIT(SIGNAL_FPE));

	return __builtin_ctzll(sync ? sync : set) + 1;
}

int signal_take(struct thread *thread, uint64_t set, struct signal_info *info)
{
	struct process *process = thread->process;
	int signo = 0;

	spin_lock(&process->lock);
	if (thread->sig_pending & set) {
		signo = first_of(thread->sig_pending & set);
		queue_take(&thread->sig_pending, &thread->sig_queue, signo, info);
	} else if (process->sig_pending & set) {
		signo = first_of(process->sig_pending & set);
		queue_take(&process->sig_pending, &process->sig_queue, signo, info);
	}
	spin_unlock(&process->lock);
	if (signo && info->code == SI_TIMER)
		posix_timer_taken(info);
	return signo;
}

static void queue_flush(uint64_t *pending, struct list *queue, uint64_t set)
{
	struct signal_info info;

	set &= *pending;
	while (set) {
		queue_take(pending, queue, first_of(set), &info);
		set &= *pending;
	}
}

void signal_await_end(struct thread *me)
{
	uint64_t awaited;

	spin_lock(&me->process->lock);
	awaited = me->sig_awaited;
	me->sig_awaited = 0;
	pending_pass_on(me->process, awaited & me->sig_blocked);
	spin_unlock(&me->process->lock);
	signal_left_update(me->process);
}

void signal_leave(struct thread *me)
{
	spin_lock(&me->process->lock);
	me->leaving = true;
	/* What was sent to it alone ends with it, and does not become the program's. */
	queue_flush(&me->sig_pending, &me->sig_queue, ~0ull);
	pending_pass_on(me->process, ~me->sig_blocked);
	spin_unlock(&me->process->lock);
	if (!me->process->exiting)
		signal_left_update(me->process);
}

void signal_flush(struct process *process, uint64_t set)
{
	struct list *link;

	queue_flush(&process->sig_pending, &process->sig_queue, set);
	list_for_each(link, &process->threads) {
		struct thread *thread = list_entry(link, struct thread, process_link);

		queue_flush(&thread->sig_pending, &thread->sig_queue, set);
	}
}

/* Lock held. */
static void timers_flush(uint64_t *pending, struct list *queue)
{
	struct list *link, *after;

	*pending = 0;
	list_for_each_safe(link, after, queue) {
		struct queued *entry = list_entry(link, struct queued, link);

		if (entry->info.code != SI_TIMER) {
			*pending |= SIGNAL_BIT(entry->info.signo);
			continue;
		}
		list_remove(link);
		kfree(entry);
		__atomic_sub_fetch(&queued_nr, 1, __ATOMIC_RELAXED);
	}
}

void signal_flush_timers(void)
{
	struct thread *me = thread_current();

	spin_lock(&me->process->lock);
	timers_flush(&me->process->sig_pending, &me->process->sig_queue);
	timers_flush(&me->sig_pending, &me->sig_queue);
	spin_unlock(&me->process->lock);
}

void signal_queue_fini(struct list *queue)
{
	struct list *link, *after;

	list_for_each_safe(link, after, queue) {
		list_remove(link);
		kfree(list_entry(link, struct queued, link));
		__atomic_sub_fetch(&queued_nr, 1, __ATOMIC_RELAXED);
	}
}

void signals_receive(void)
{
	struct isle_signal_ring *ring = window_at(ISLE_WINDOW_SIGNALS);
	struct process *process = process_of_isle();
	uint64_t head, tail;

	if (!process)
		return;
	head = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);
	tail = ring->tail;
	if (head - tail > ISLE_SIGNAL_ENTRIES)
		return;
	for (; tail != head; tail++) {
		struct isle_signal *entry = &ring->entry[tail % ISLE_SIGNAL_ENTRIES];
		struct signal_info info;

		memcpy(&info, entry->info, sizeof(info));
		if (info.signo >= 1 && info.signo <= PROCESS_NR_SIGNALS)
			signal_send(process, NULL, &info);
	}
	__atomic_store_n(&ring->tail, tail, __ATOMIC_RELEASE);
}
