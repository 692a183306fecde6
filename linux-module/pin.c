// SPDX-License-Identifier: GPL-2.0
/*
 * pin.c - pages of Linux that an isle maps: shared file mappings of its owner.
 *
 * The pages are pinned for long, so Linux neither moves nor frees them, and described in a table
 * in the private area, which the owner cannot write. They stay pinned until the isle says that it
 * has unmapped them, or its cores have stopped.
 *
 * Files of disk file systems: a file system that writes a page back makes it read-only in every page
 * table it knows, to hear of the next write by a fault; the isle's it does not know. So what the isle
 * may have written is written to by a fault of the owner's before anyone relies on it (isle_pin_dirty).
 * Linux from 6.5 on refuses long-term pins of such pages because most drivers do not do this; then they
 * are pinned as for a transfer. See docs/decisions/0006-disk-files.md.
 *
 * Locks: pin_lock.
 */
#include <linux/fs.h>
#include <linux/magic.h>
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
	bool told; /* Linux must be told of writes: isle_pin_dirty() */
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

/* What kind of file a range is of. */
struct pin_kind {
	bool write;
	bool told;  /* its file system waits for faults to learn of writes */
	bool short_term; /* may be pinned as for a transfer if not for long */
	bool refusable;  /* Linux may not allow it at all */
};

/*
 * Not memory that is a file itself, whose truncation waits for pins; not pages whose checksum is made before
 * they are written; nor a file system whose pages are in another machine's care.
 */
static bool may_be_short_term(const struct vm_area_struct *vma)
{
	struct inode *inode = vma->vm_file ? file_inode(vma->vm_file) : NULL;

	return inode && S_ISREG(inode->i_mode) && !IS_DAX(inode) &&
	       (inode->i_sb->s_type->fs_flags & FS_REQUIRES_DEV) &&
	       inode->i_sb->s_magic != BTRFS_SUPER_MAGIC && !isle_stable_writes(inode);
}

/* 0, or the errno and sentence of a range that may not be pinned. */
static long check_mapping(struct isle_call *call, u64 start, u64 end, struct pin_kind *kind)
{
	bool write = kind->write;
	/* Not VM_SHARED, which Linux takes from a mapping that can never be written (mm/mmap.c, do_mmap). */
	unsigned long need = VM_MAYSHARE | VM_READ | (write ? VM_WRITE : 0);
	struct vm_area_struct *vma;
	u64 at = start;
	long err = 0;

	mmap_read_lock(current->mm);
	while (at < end && !err) {
		vma = find_vma(current->mm, at);
		if (!vma || vma->vm_start > at)
			err = isle_fail(call, -EFAULT, "nothing is mapped at %#llx", at);
		else if (!(vma->vm_flags & VM_MAYSHARE))
			err = isle_fail(call, -EINVAL, "the mapping at %#llx is not shared", at);
		else if ((vma->vm_flags & need) != need)
			err = isle_fail(call, -EFAULT, "the mapping at %#llx may not be %s", at,
					write ? "written" : "read");
		else
			at = vma->vm_end;
		if (err)
			break;
		kind->told |= write && vma->vm_ops && vma->vm_ops->page_mkwrite;
		kind->short_term = kind->short_term && may_be_short_term(vma);
		kind->refusable |= (vma->vm_flags & (VM_IO | VM_PFNMAP)) || vma_is_fsdax(vma) ||
				   (kind->told && !kind->short_term);
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
static long pin_batch(struct isle *isle, u64 uva, u64 len, const struct pin_kind *kind, struct batch **out)
{
	unsigned int flags = kind->write ? FOLL_WRITE : 0;
	u32 want = min_t(u64, len / PAGE_SIZE, BATCH_PAGES);
	struct batch *b;
	long n;

	b = kvzalloc(struct_size(b, page, want), GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	n = pin_user_pages_fast(uva, want, flags | FOLL_LONGTERM, b->page);
	if ((n == -EFAULT || n == -EOPNOTSUPP) && kind->short_term)
		n = pin_user_pages_fast(uva, want, flags, b->page);
	if (n <= 0) {
		kvfree(b);
		return n ? n : -EFAULT;
	}
	b->uva = uva;
	b->nr = n;
	b->dirty = kind->write;
	b->told = kind->told;
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

/* The mapping was looked at before: either the file does not allow it, or the page cannot be had. */
static long fail_pin(struct isle_call *call, long err, const struct pin_kind *kind, u64 at)
{
	if (err != -EFAULT && err != -EOPNOTSUPP)
		return isle_fail(call, err, "the pages at %#llx could not be pinned", at);
	if (kind->refusable)
		return isle_fail(call, -EOPNOTSUPP,
				 "Linux does not allow the pages at %#llx to be kept for long: put "
				 "the file on tmpfs, ext4 or xfs",
				 at);
	return isle_fail(call, -EFAULT, "there is no page at %#llx: it is behind the end of the file, or there is "
			 "no space left for it", at);
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
static long fill_table(struct isle_call *call, struct isle_pin *pin, const struct pin_kind *kind,
		       struct isle_pins *table)
{
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
		n = pin_batch(isle, pin->uva + done, pin->len - done, kind, &b);
		if (n < 0 && done)
			break;
		if (n < 0)
			return fail_pin(call, n, kind, pin->uva);
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
	table->writable = kind->write;
	pin->len = done;
	/* Pairs with the isle's acquire of sequence. */
	smp_store_release(&table->sequence, table->sequence + 1);
	return 0;
}

long isle_pin_add(struct isle_call *call, struct isle_pin *pin)
{
	struct pin_kind kind = { .write = pin->flags & ISLE_PIN_F_WRITE, .short_term = true };
	struct isle *isle = call->isle;
	long err;

	err = check_range(call, pin);
	if (err)
		return err;
	err = check_mapping(call, pin->uva, pin->uva + pin->len, &kind);
	if (err)
		return err;
	if (mutex_lock_killable(&isle->pin_lock))
		return -EINTR;
	/* Under the lock: the end of the isle takes it after life has changed. */
	if (isle_life(isle) == ISLE_LIFE_RUNNING)
		err = fill_table(call, pin, &kind, isle_va(isle, isle->at.pins));
	else
		err = isle_fail(call, -EBADFD,
				"isle %u is %s", isle->id, isle_life_name(isle_life(isle)));
	mutex_unlock(&isle->pin_lock);
	return err;
}

/*
 * pin_lock, in the owner's context. A fault for writing at every page that is pinned: the file system
 * learns that it changed. 0, or -EIO if one failed, such as for want of space.
 */
static long batch_tell(struct batch *b, u32 from, u32 to)
{
	long err = 0;

	for (; from < to; from++) {
		u64 uva = b->uva + from * PAGE_SIZE;

		if (b->page[from] && fault_in_safe_writeable((char __user *)(unsigned long)uva, 1))
			err = -EIO;
		cond_resched();
	}
	return err;
}

long isle_pin_dirty(struct isle_call *call, struct isle_pin *pin)
{
	u64 end = pin->uva + pin->len;
	struct isle *isle = call->isle;
	struct batch *b;
	long err;

	err = check_range(call, pin);
	if (err)
		return err;
	if (mutex_lock_killable(&isle->pin_lock))
		return -EINTR;
	list_for_each_entry(b, &isle->pins, list) {
		u64 from = max(pin->uva, b->uva), to = min(end, b->uva + b->nr * PAGE_SIZE);

		if (b->told && from < to &&
		    batch_tell(b, (from - b->uva) / PAGE_SIZE, (to - b->uva) / PAGE_SIZE))
			err = -EIO;
	}
	mutex_unlock(&isle->pin_lock);
	return err ? isle_fail(call, err, "Linux did not take back what the isle wrote: is there space left "
			       "for the file?") : 0;
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

		cond_resched();
		if (from >= to)
			continue;
		if (b->told)
			batch_tell(b, (from - b->uva) / PAGE_SIZE, (to - b->uva) / PAGE_SIZE);
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
