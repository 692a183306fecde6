// SPDX-License-Identifier: GPL-2.0
/*
 * pin.c - pages of Linux that an isle maps: shared file mappings of its owner.
 *
 * The pages are pinned for long, so Linux neither moves nor frees them, and described in a table
 * in the private area, which the owner cannot write. They stay pinned until the isle says that it
 * has unmapped them, or its cores have stopped.
 *
 * Locks: pin_lock.
 */
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "isle.h"
#include "pin.h"

#define BATCH_PAGES 512u /* pinned at a time, and kept together */

static unsigned int pin_mib = 16384;
module_param(pin_mib, uint, 0644);
MODULE_PARM_DESC(pin_mib, "MiB of Linux's memory that one isle may have pinned (16384)");

/* Pinned pages from uva on; an entry becomes NULL when its page is let go. */
struct batch {
	struct list_head list;
	u64 uva;
	u32 nr;
	bool dirty;
	struct page *page[];
};

static void batch_put(struct batch *b, u32 from, u32 to)
{
	for (; from < to; from++) {
		if (!b->page[from])
			continue;
		unpin_user_pages_dirty_lock(&b->page[from], 1, b->dirty);
		b->page[from] = NULL;
	}
}

static bool batch_is_empty(const struct batch *b)
{
	u32 i;

	for (i = 0; i < b->nr; i++)
		if (b->page[i])
			return false;
	return true;
}

/* 0, or the errno and sentence of a range that may not be pinned. */
static long check_mapping(struct isle_call *call, u64 start, u64 end, bool write)
{
	unsigned long need = VM_SHARED | VM_READ | (write ? VM_WRITE : 0);
	struct vm_area_struct *vma;
	u64 at = start;
	long err = 0;

	mmap_read_lock(current->mm);
	while (at < end && !err) {
		vma = find_vma(current->mm, at);
		if (!vma || vma->vm_start > at)
			err = isle_fail(call, -EFAULT, "nothing is mapped at %#llx", at);
		else if (!(vma->vm_flags & VM_SHARED))
			err = isle_fail(call, -EINVAL, "the mapping at %#llx is not shared", at);
		else if ((vma->vm_flags & need) != need)
			err = isle_fail(call, -EFAULT, "the mapping at %#llx may not be %s", at,
					write ? "written" : "read");
		else
			at = vma->vm_end;
	}
	mmap_read_unlock(current->mm);
	return err;
}

static long check_range(struct isle_call *call, const struct isle_pin *pin)
{
	if (pin->flags & ~ISLE_PIN_F_WRITE)
		return isle_fail(call, -EINVAL, "PIN knows no such flags");
	if (!pin->len || (pin->uva | pin->len) % PAGE_SIZE)
		return isle_fail(call, -EINVAL,
				 "address and length must be multiples of a page, and not 0");
	if (pin->uva >= TASK_SIZE_MAX || pin->len > TASK_SIZE_MAX - pin->uva)
		return isle_fail(call, -EFAULT, "%#llx is no address of a program", pin->uva);
	return 0;
}

/* Pins the next pages of the range. Their number, or an error. */
static long pin_batch(struct isle *isle, u64 uva, u64 len, bool write, struct batch **out)
{
	unsigned int flags = FOLL_LONGTERM | (write ? FOLL_WRITE : 0);
	u32 want = min_t(u64, len / PAGE_SIZE, BATCH_PAGES);
	struct batch *b;
	long n;

	b = kvzalloc(struct_size(b, page, want), GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	n = pin_user_pages_fast(uva, want, flags, b->page);
	if (n <= 0) {
		kvfree(b);
		return n ? n : -EFAULT;
	}
	b->uva = uva;
	b->nr = n;
	b->dirty = write;
	list_add_tail(&b->list, &isle->pins);
	isle->pinned_pages += n;
	*out = b;
	return n;
}

/* Adds the batch's pages to the table's runs. How many found room. */
static u32 describe(struct isle_pins *table, u32 *nr_runs, const struct batch *b)
{
	u32 i;

	for (i = 0; i < b->nr; i++) {
		u64 hpa = page_to_phys(b->page[i]);
		struct isle_pin_run *last = *nr_runs ? &table->run[*nr_runs - 1] : NULL;

		if (last && last->hpa + last->pages * PAGE_SIZE == hpa) {
			last->pages++;
			continue;
		}
		if (*nr_runs == ISLE_PIN_RUNS)
			break;
		table->run[(*nr_runs)++] = (struct isle_pin_run) { .hpa = hpa, .pages = 1 };
	}
	return i;
}

static long fail_pin(struct isle_call *call, long err, u64 at)
{
	switch (err) {
	case -EFAULT:
	case -EOPNOTSUPP:
		/* The mapping was looked at before: it is the file that does not allow it. */
		return isle_fail(call, -EOPNOTSUPP,
				 "Linux does not allow the pages at %#llx to be kept for long: put "
				 "the file on tmpfs or hugetlbfs",
				 at);
	default:
		return isle_fail(call, err, "the pages at %#llx could not be pinned", at);
	}
}

static void release_last(struct isle *isle, struct batch *b, u32 from)
{
	isle->pinned_pages -= b->nr - from;
	batch_put(b, from, b->nr);
	b->nr = from;
	if (from)
		return;
	list_del(&b->list);
	kvfree(b);
}

/* pin_lock. Fills a table that the isle does not look at before sequence changes. */
static long fill_table(struct isle_call *call, struct isle_pin *pin, struct isle_pins *table)
{
	bool write = pin->flags & ISLE_PIN_F_WRITE;
	struct isle *isle = call->isle;
	u64 limit = (u64)READ_ONCE(pin_mib) << (20 - PAGE_SHIFT), done = 0;
	u32 nr_runs = 0, described;
	struct batch *b;
	long n;

	while (done < pin->len) {
		if (isle->pinned_pages >= limit) {
			if (done)
				break;
			return isle_fail(call, -ENOSPC,
					 "the isle has %u MiB of Linux's memory pinned already, "
					 "the most it may (parameter pin_mib)",
					 READ_ONCE(pin_mib));
		}
		n = pin_batch(isle, pin->uva + done, pin->len - done, write, &b);
		if (n < 0 && done)
			break;
		if (n < 0)
			return fail_pin(call, n, pin->uva);
		described = describe(table, &nr_runs, b);
		done += (u64)described * PAGE_SIZE;
		if (described < n) {
			release_last(isle, b, described);
			break;
		}
		cond_resched();
	}
	table->uva = pin->uva;
	table->len = done;
	table->nr_runs = nr_runs;
	table->writable = write;
	pin->len = done;
	/* Pairs with the isle's acquire of sequence. */
	smp_store_release(&table->sequence, table->sequence + 1);
	return 0;
}

long isle_pin_add(struct isle_call *call, struct isle_pin *pin)
{
	struct isle *isle = call->isle;
	long err;

	err = check_range(call, pin);
	if (err)
		return err;
	err = check_mapping(call, pin->uva, pin->uva + pin->len, pin->flags & ISLE_PIN_F_WRITE);
	if (err)
		return err;
	if (mutex_lock_killable(&isle->pin_lock))
		return -EINTR;
	/* Under the lock: the end of the isle takes it after life has changed. */
	if (isle_life(isle) == ISLE_LIFE_RUNNING)
		err = fill_table(call, pin, isle_va(isle, isle->at.pins));
	else
		err = isle_fail(call, -EBADFD,
				"isle %u is %s", isle->id, isle_life_name(isle_life(isle)));
	mutex_unlock(&isle->pin_lock);
	return err;
}

long isle_pin_remove(struct isle_call *call, struct isle_pin *pin)
{
	u64 end = pin->uva + pin->len;
	struct isle *isle = call->isle;
	struct batch *b, *next;
	long err;

	err = check_range(call, pin);
	if (err)
		return err;
	mutex_lock(&isle->pin_lock);
	list_for_each_entry_safe(b, next, &isle->pins, list) {
		u64 from = max(pin->uva, b->uva), to = min(end, b->uva + b->nr * PAGE_SIZE);

		if (from >= to)
			continue;
		batch_put(b, (from - b->uva) / PAGE_SIZE, (to - b->uva) / PAGE_SIZE);
		if (!batch_is_empty(b))
			continue;
		isle->pinned_pages -= b->nr;
		list_del(&b->list);
		kvfree(b);
	}
	mutex_unlock(&isle->pin_lock);
	return 0;
}

void isle_pin_drop_all(struct isle *isle)
{
	struct batch *b, *next;

	mutex_lock(&isle->pin_lock);
	list_for_each_entry_safe(b, next, &isle->pins, list) {
		batch_put(b, 0, b->nr);
		list_del(&b->list);
		kvfree(b);
		cond_resched();
	}
	isle->pinned_pages = 0;
	mutex_unlock(&isle->pin_lock);
}
