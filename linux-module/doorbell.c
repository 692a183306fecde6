// SPDX-License-Identifier: GPL-2.0
/*
 * doorbell.c - isles ring Linux: one interrupt vector for all of them.
 *
 * The vector is allocated below the kernel's vector domain, as a device's would be, so Linux moves
 * it like any other when CPUs come and go; we learn of that in set_affinity and publish the new
 * route to every running isle. An isle that read the old route may ring in vain in between: so
 * all bells are looked at once more afterwards. Rings hold the truth, the interrupt is a hint.
 *
 * Locks: bell_lock, raw and with interrupts off: it is taken in the handler, and in set_affinity
 * with the line's own lock held.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <asm/hw_irq.h>
#include <asm/irqdomain.h>
#include <asm/smp.h>

#include <isle/call.h>
#include <isle/window.h>

#include "cpu.h"
#include "doorbell.h"
#include "isle.h"
#include "lapic.h"
#include "trace.h"

static DEFINE_RAW_SPINLOCK(bell_lock);
static LIST_HEAD(running);
static struct fwnode_handle *fwnode;
static struct irq_domain *domain;
static int virq;
static u64 route;               /* without generation; bell_lock */
static atomic64_t total;

/* A thread in ISLE_IOC_WAIT, on its own stack; bell_lock. */
struct waiter {
	struct list_head list;
	struct task_struct *task;
	u32 slot;
	bool rung;
};

/* A slot's words are in the window, which isle and proxy write: they can only wake too often. */
static bool is_submitted(const struct isle *isle, u32 slot)
{
	const struct isle_slot *s = isle_va(isle, isle->at.end + ISLE_WINDOW_SLOTS);

	return READ_ONCE(s[slot].submit) != READ_ONCE(s[slot].done);
}

/* bell_lock. The reception's slot counts its rings in submit and done as well. */
static void wake_callers(struct isle *isle)
{
	struct waiter *w;

	list_for_each_entry(w, &isle->waiters, list) {
		if (!is_submitted(isle, w->slot))
			continue;
		w->rung = true;
		wake_up_process(w->task);
	}
}

/* bell_lock. */
static void take_bells(struct isle *isle)
{
	u64 bells;

	/* Read first: most bells are silent most of the time, and an exchange takes the line. */
	if (!READ_ONCE(isle->boot->bell))
		return;
	bells = xchg(&isle->boot->bell, 0);
	if (!bells)
		return;
	isle->bells |= bells;
	isle->doorbells++;
	atomic64_inc(&total);
	trace_isle_doorbell(isle->id, bells);
	if (bells & ISLE_BELL_CALL)
		wake_callers(isle);
	if (bells & ~ISLE_BELL_CALL)
		queue_work(isle_workqueue, &isle->bell_work);
	if (wq_has_sleeper(&isle->wait))
		wake_up_all(&isle->wait);
}

static irqreturn_t handle_bell(int irq, void *data)
{
	struct isle *isle;

	raw_spin_lock(&bell_lock);
	list_for_each_entry(isle, &running, running)
		take_bells(isle);
	raw_spin_unlock(&bell_lock);
	return IRQ_HANDLED;
}

/* What an isle rang for, besides calls: lines in its log, or the end of its life. */
static void do_bell_work(struct work_struct *work)
{
	struct isle *isle = container_of(work, struct isle, bell_work);
	u32 state;

	isle_log_drain(isle);
	mutex_lock(&isle->log_lock);
	state = isle->boot ? isle_kernel_state(isle) : ISLE_STATE_NONE;
	mutex_unlock(&isle->log_lock);
	if (state > ISLE_STATE_UP)
		queue_work(isle_workqueue, &isle->end_work);
}

static void poll_all(struct work_struct *work)
{
	unsigned long flags;
	struct isle *isle;

	raw_spin_lock_irqsave(&bell_lock, flags);
	list_for_each_entry(isle, &running, running)
		take_bells(isle);
	raw_spin_unlock_irqrestore(&bell_lock, flags);
}
static DECLARE_WORK(poll_all_work, poll_all);

/* bell_lock. */
static void publish(struct isle *isle)
{
	isle->route_generation++;
	WRITE_ONCE(isle->boot->route, route | ISLE_ROUTE(isle->route_generation & 0xffffff, 0, 0));
}

/*
 * The effective CPU's physical id, not irq_cfg.dest_apicid: that one is a logical id in some of
 * Linux's APIC modes, and an isle sends to physical ids.
 */
static void find_route(struct irq_data *data)
{
	unsigned int cpu = cpumask_first(irq_data_get_effective_affinity_mask(data));
	unsigned long flags;
	struct isle *isle;

	if (cpu >= nr_cpu_ids)
		return;
	raw_spin_lock_irqsave(&bell_lock, flags);
	route = ISLE_ROUTE(0, irqd_cfg(data)->vector, cpu_physical_id(cpu));
	list_for_each_entry(isle, &running, running)
		publish(isle);
	raw_spin_unlock_irqrestore(&bell_lock, flags);
	queue_work(isle_workqueue, &poll_all_work);
}

static int set_affinity(struct irq_data *data, const struct cpumask *mask, bool force)
{
	int ret = irq_chip_set_affinity_parent(data, mask, force);

	if (ret >= 0)
		find_route(data);
	return ret;
}

/* A processor's interrupt cannot be masked at its source. */
static void do_nothing(struct irq_data *data)
{
}

static struct irq_chip chip = {
	.name = "isle",
	.irq_ack = irq_chip_ack_parent,
	.irq_mask = do_nothing,
	.irq_unmask = do_nothing,
	.irq_set_affinity = set_affinity,
	.irq_retrigger = irq_chip_retrigger_hierarchy,
	.flags = IRQCHIP_SKIP_SET_WAKE,
};

static int alloc_line(struct irq_domain *d, unsigned int first, unsigned int nr, void *arg)
{
	int err;

	err = irq_domain_alloc_irqs_parent(d, first, nr, arg);
	if (err)
		return err;
	irq_domain_set_info(d, first, 0, &chip, NULL, handle_edge_irq, NULL, "edge");
	isle_irq_set_movable(first);
	return 0;
}

static const struct irq_domain_ops domain_ops = {
	.alloc = alloc_line,
	.free = irq_domain_free_irqs_common,
};

int isle_doorbell_init(void)
{
	struct irq_alloc_info info;
	int err = -ENOMEM;

	/* What init_irq_alloc_info() does, which is not exported. */
	memset(&info, 0, sizeof(info));
	fwnode = irq_domain_alloc_named_fwnode("isle-doorbell");
	if (!fwnode)
		return -ENOMEM;
	domain = irq_domain_create_hierarchy(x86_vector_domain, 0, 0, fwnode, &domain_ops, NULL);
	if (!domain)
		goto err_free_fwnode;
	virq = irq_domain_alloc_irqs(domain, 1, NUMA_NO_NODE, &info);
	if (virq <= 0) {
		err = virq ? virq : -ENOSPC;
		goto err_remove_domain;
	}
	err = request_irq(virq, handle_bell, IRQF_NO_THREAD, "isle", &virq);
	if (err)
		goto err_dispose;
	find_route(irq_get_irq_data(virq));
	return 0;

err_dispose:
	irq_dispose_mapping(virq);
err_remove_domain:
	irq_domain_remove(domain);
err_free_fwnode:
	irq_domain_free_fwnode(fwnode);
	return err;
}

void isle_doorbell_exit(void)
{
	free_irq(virq, &virq);
	irq_dispose_mapping(virq);
	irq_domain_remove(domain);
	irq_domain_free_fwnode(fwnode);
	cancel_work_sync(&poll_all_work);
}

u32 isle_doorbell_vector(void)
{
	return ISLE_ROUTE_VECTOR(READ_ONCE(route));
}

u64 isle_doorbell_total(void)
{
	return atomic64_read(&total);
}

void isle_doorbell_prepare(struct isle *isle)
{
	INIT_WORK(&isle->bell_work, do_bell_work);
}

void isle_doorbell_open(struct isle *isle)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&bell_lock, flags);
	list_add_tail(&isle->running, &running);
	publish(isle);
	raw_spin_unlock_irqrestore(&bell_lock, flags);
}

void isle_doorbell_close(struct isle *isle)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&bell_lock, flags);
	if (!list_empty(&isle->running))
		take_bells(isle);
	list_del_init(&isle->running);
	raw_spin_unlock_irqrestore(&bell_lock, flags);
}

void isle_doorbell_poll(struct isle *isle)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&bell_lock, flags);
	if (!list_empty(&isle->running))
		take_bells(isle);
	raw_spin_unlock_irqrestore(&bell_lock, flags);
}

u64 isle_doorbell_take(struct isle *isle)
{
	unsigned long flags;
	u64 bells;

	isle_doorbell_poll(isle);
	raw_spin_lock_irqsave(&bell_lock, flags);
	bells = isle->bells;
	isle->bells = 0;
	raw_spin_unlock_irqrestore(&bell_lock, flags);
	return bells;
}

void isle_doorbell_wake(struct isle *isle)
{
	unsigned long flags;
	struct waiter *w;

	raw_spin_lock_irqsave(&bell_lock, flags);
	list_for_each_entry(w, &isle->waiters, list)
		wake_up_process(w->task);
	raw_spin_unlock_irqrestore(&bell_lock, flags);
	wake_up_all(&isle->wait);
}

void isle_doorbell_ring(struct isle *isle, u32 row)
{
	atomic64_inc(&isle->rings);
	isle_lapic_send_fixed(isle->cpu[row]->apic_id, ISLE_VECTOR_DOORBELL);
}

/* Whether the slot has no waiter yet; then this one is it. */
static bool enlist(struct isle *isle, struct waiter *w)
{
	struct waiter *other;
	unsigned long flags;
	bool is_free = true;

	raw_spin_lock_irqsave(&bell_lock, flags);
	list_for_each_entry(other, &isle->waiters, list)
		is_free = is_free && other->slot != w->slot;
	if (is_free) {
		list_add_tail(&w->list, &isle->waiters);
		/* What was rung for before is seen here: the slot's words remember it. */
		w->rung = is_submitted(isle, w->slot);
	}
	raw_spin_unlock_irqrestore(&bell_lock, flags);
	return is_free;
}

static long sleep_until_rung(struct isle *isle, struct waiter *w, long timeout)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (READ_ONCE(w->rung))
			return 0;
		if (isle_life_ended(isle_life(isle)))
			return -ESHUTDOWN;
		if (signal_pending(current))
			return -EINTR;
		if (!timeout)
			return -ETIME;
		timeout = schedule_timeout(timeout);
	}
}

long isle_doorbell_wait(struct isle_call *call, u32 slot, u32 timeout_ms)
{
	struct waiter w = { .task = current, .slot = slot };
	struct isle *isle = call->isle;
	unsigned long flags;
	long err;

	if (slot >= ISLE_MAX_SLOTS)
		return isle_fail(call, -EINVAL, "there is no call slot %u: slots are 0 to %u", slot,
				 ISLE_MAX_SLOTS - 1);
	if (!enlist(isle, &w))
		return isle_fail(call, -EBUSY, "another thread waits for call slot %u", slot);
	err = sleep_until_rung(isle, &w, timeout_ms ? msecs_to_jiffies(timeout_ms) :
			       MAX_SCHEDULE_TIMEOUT);
	__set_current_state(TASK_RUNNING);
	raw_spin_lock_irqsave(&bell_lock, flags);
	list_del(&w.list);
	raw_spin_unlock_irqrestore(&bell_lock, flags);
	if (err == -ETIME)
		isle_fail(call, err, "slot %u was not rung within %u ms", slot, timeout_ms);
	else if (err == -ESHUTDOWN)
		isle_fail(call, err, "isle %u has ended: %s", isle->id, isle->why);
	return err;
}
