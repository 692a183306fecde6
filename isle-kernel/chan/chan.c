// SPDX-License-Identifier: MIT
/*
 * chan.c - the isle's side of the call slots (abi/isle/call.h).
 *
 * A thread has one slot for life and at most one call in work on it. It spins a bounded time for
 * the answer, then blocks on its core's list of callers; the doorbell looks at that list. The proxy
 * is not trusted: nothing of what it writes is used as an index or an address here, and a result is
 * just a number for the program.
 */
#include <kern/chan.h>

#include <arch/cpu.h>
#include <kern/boot.h>
#include <kern/cpu.h>
#include <kern/errno.h>
#include <kern/ipi.h>
#include <kern/kmalloc.h>
#include <kern/mirror.h>
#include <kern/panic.h>
#include <kern/params.h>
#include <kern/process.h>
#include <kern/string.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/vfork.h>

#include <isle/call.h>
#include <isle/window.h>

/* A thread that waits, on its core's list. */
struct caller {
	struct list link;
	struct thread *thread;
	struct isle_slot *slot;
	uint32_t number;
};

struct callers {
	struct spinlock lock;
	struct list list;        /* struct caller */
};

static struct isle_slot *slots;
static uint64_t slot_used[ISLE_MAX_SLOTS / 64];
static struct spinlock slot_lock = SPINLOCK_INIT;
static struct callers *callers_by_row[ISLE_MAX_CPUS];

void chan_init(void)
{
	struct isle_window *window = window_at(0);
	uint32_t row;

	slots = window_at(ISLE_WINDOW_SLOTS);
	memset(slot_used, 0, sizeof(slot_used));
	for (row = 0; row < boot->nr_cpus; row++) {
		callers_by_row[row] = kzalloc(sizeof(struct callers));
		kassert(callers_by_row[row]);
		list_init(&callers_by_row[row]->list);
	}
	window->revision = ISLE_ABI_REVISION;
	window->size = ISLE_WINDOW_SIZE;
	__atomic_store_n(&window->magic, ISLE_WINDOW_MAGIC, __ATOMIC_RELEASE);
}

int chan_slot_take(uint32_t tid)
{
	uint32_t i;

	spin_lock(&slot_lock);
	for (i = 0; i < ISLE_SLOT_RECEPTION; i++)
		if (!(slot_used[i / 64] >> (i % 64) & 1))
			break;
	if (i < ISLE_SLOT_RECEPTION)
		slot_used[i / 64] |= 1ull << (i % 64);
	spin_unlock(&slot_lock);
	if (i == ISLE_SLOT_RECEPTION)
		return -EAGAIN;
	slots[i].tid = tid;
	return (int)i;
}

void chan_slot_give_back(uint32_t slot)
{
	slots[slot].tid = 0;
	spin_lock(&slot_lock);
	slot_used[slot / 64] &= ~(1ull << (slot % 64));
	spin_unlock(&slot_lock);
}

void chan_slot_rename(uint32_t slot, uint32_t tid)
{
	slots[slot].tid = tid;
}

/* The reception looks at all slots; its own slot's numbers only say that it was rung. */
static void reception_ring(void)
{
	__atomic_add_fetch(&slots[ISLE_SLOT_RECEPTION].submit, 1, __ATOMIC_RELEASE);
	bell_ring(ISLE_BELL_CALL);
}

/* Rings whoever must be rung for a call just submitted. */
static void submit_ring(const struct isle_slot *slot)
{
	/*
	 * Full fence between submit and the look at armed: pairs with the worker's between armed
	 * and submit.
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	switch (__atomic_load_n(&slot->armed, __ATOMIC_RELAXED)) {
	case ISLE_SLOT_AWAKE:
		break;
	case ISLE_SLOT_NO_WORKER:
		reception_ring();
		break;
	default:
		bell_ring(ISLE_BELL_CALL);
	}
}

static bool call_done(const struct isle_slot *slot, uint32_t number)
{
	/* Acquire: pairs with the proxy's release of done; result, flags and written buffers are seen. */
	return __atomic_load_n(&slot->done, __ATOMIC_ACQUIRE) == number;
}

static bool call_spin(const struct isle_slot *slot, uint32_t number)
{
	/* Before it gives its core away: by default longer than a short call takes when the worker is awake. */
	uint64_t end = tsc_read() + time_ticks_us(params.spin);

	do {
		if (call_done(slot, number))
			return true;
		ipi_poll();
		cpu_relax();
	} while (tsc_read() < end);
	return call_done(slot, number);
}

static void call_cancel(struct isle_slot *slot, uint32_t number)
{
	__atomic_store_n(&slot->cancel, number, __ATOMIC_RELEASE);
	reception_ring();
}

/* Blocks until the call is done. */
static void call_sleep(struct isle_slot *slot, uint32_t number, bool interruptible)
{
	struct thread *me = thread_current();
	struct callers *callers = callers_by_row[me->row];
	struct caller caller = { .thread = me, .slot = slot, .number = number };
	bool cancelled = false;

	counter_inc(CALLS_SLEPT);
	slot->row = me->row;
	spin_lock(&callers->lock);
	list_add_tail(&callers->list, &caller.link);
	spin_unlock(&callers->lock);
	__atomic_store_n(&slot->asleep, 1, __ATOMIC_RELAXED);
	for (;;) {
		thread_block_prepare();
		/*
		 * Full fence between asleep and the look at done: pairs with the worker's between
		 * done and asleep.
		 */
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (call_done(slot, number))
			break;
		if (interruptible && !cancelled && (__atomic_load_n(&me->work, __ATOMIC_RELAXED) &
						    (THREAD_WORK_SIGNAL | THREAD_WORK_EXIT))) {
			cancelled = true;
			call_cancel(slot, number);
		}
		thread_block();
	}
	__atomic_store_n(&slot->asleep, 0, __ATOMIC_RELAXED);
	spin_lock(&callers->lock);
	list_remove(&caller.link);
	spin_unlock(&callers->lock);
}

int64_t chan_call(uint32_t nr, const uint64_t arg[6], bool interruptible, uint32_t *flags)
{
	struct thread *me = thread_current();
	struct isle_slot *slot = &slots[me->slot];
	uint32_t number = slot->submit + 1, done_flags;

	if (me->process->vfork && me->process->vfork->gone && nr < ISLE_CALL_SYNC)
		return -ESRCH; /* it would be made in the program's name */
	counter_inc(SYSCALLS_FORWARDED);
	mirror_publish();
	slot->nr = nr;
	memcpy(slot->arg, arg, sizeof(slot->arg));
	/* Release: arguments, buffers and mirror entries are seen by who sees the number. */
	__atomic_store_n(&slot->submit, number, __ATOMIC_RELEASE);
	counter_inc(MESSAGES_OUT);
	submit_ring(slot);
	if (!call_spin(slot, number))
		call_sleep(slot, number, interruptible);
	counter_inc(MESSAGES_IN);
	done_flags = __atomic_load_n(&slot->flags, __ATOMIC_RELAXED);
	if (flags)
		*flags = done_flags;
	if (done_flags & ISLE_DONE_F_GONE)
		vfork_gone();
	return slot->result;
}

int64_t chan_isle_call(uint32_t nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5)
{
	const uint64_t arg[6] = { a0, a1, a2, a3, a4, a5 };

	return chan_call(nr, arg, false, NULL);
}

uint32_t chan_named(char name[16])
{
	const struct isle_slot *slot = &slots[thread_current()->slot];

	memcpy(name, slot->name, 16);
	name[15] = '\0';
	return __atomic_load_n(&slot->named, __ATOMIC_RELAXED);
}

void chan_doorbell(void)
{
	struct callers *callers = callers_by_row[this_cpu()->row];
	struct list *link;

	if (!callers)
		return;
	spin_lock(&callers->lock);
	list_for_each(link, &callers->list) {
		struct caller *caller = list_entry(link, struct caller, link);

		if (call_done(caller->slot, caller->number))
			thread_wake(caller->thread);
	}
	spin_unlock(&callers->lock);
}
