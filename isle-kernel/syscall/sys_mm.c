// SPDX-License-Identifier: MIT
/*
 * sys_mm.c - mmap and its family: Linux's numbers and checks; mm/map.c does the work.
 */
#include <kern/aspace.h>
#include <kern/calls.h>
#include <kern/chan.h>
#include <kern/errno.h>
#include <kern/extent.h>
#include <kern/filemap.h>
#include <kern/frame.h>
#include <kern/ipi.h>
#include <kern/process.h>
#include <kern/scratch.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/uaccess.h>

#include "file_facts.h"

#define PAGE_LOW        (ISLE_PAGE_SIZE - 1)
#define USER_END_LINUX  0x7ffffffff000ull  /* where user addresses end on Linux */

enum {
	MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_SHARED_VALIDATE = 3, MAP_TYPE = 15, MAP_FIXED = 0x10,
	MAP_ANONYMOUS = 0x20, MAP_GROWSDOWN = 0x100, MAP_LOCKED = 0x2000, MAP_NORESERVE = 0x4000, MAP_POPULATE = 0x8000,
	MAP_STACK = 0x20000, MAP_HUGETLB = 0x40000, MAP_FIXED_NOREPLACE = 0x100000,
};

#define MODE_TYPE    0170000u
#define MODE_FILE    0100000u
#define MODE_CHAR    0020000u
#define DEV_ZERO     0x105u   /* 1:5 */
#define PROT_ALL     7u
#define PROT_GROWSDOWN 0x01000000u
#define PROT_GROWSUP   0x02000000u
#define RLIMIT_DATA  2
#define RLIMIT_AS    9
#define SYS_MADVISE  28u

static struct aspace *mine(void)
{
	return process_current()->aspace;
}

static bool limit_passed(uint64_t more)
{
	const struct process *process = process_current();

	return process->aspace->regions.bytes + more > process->rlimit[RLIMIT_AS][0];
}

/* More than there is at all is refused at once, as Linux's heuristic does; the rest when it is touched. */
static bool too_large(uint64_t size)
{
	return size > extents.size;
}

static int64_t map_file_private(struct region *model, const uint64_t arg[6])
{
	struct file_facts facts = { .dev = 0 };
	int64_t at, handle;
	int err = file_access((int32_t)arg[4], false);

	if (err >= 0)
		err = file_facts((int32_t)arg[4], &facts);
	if (err)
		return err;
	if ((facts.mode & MODE_TYPE) == MODE_CHAR && facts.rdev == DEV_ZERO)
		return aspace_map(mine(), model, arg[1], arg[3] & (MAP_FIXED | MAP_FIXED_NOREPLACE),
				  !(arg[3] & MAP_FIXED_NOREPLACE));
	if ((facts.mode & MODE_TYPE) != MODE_FILE)
		return -ENODEV;
	handle = filemap_keep((int32_t)arg[4]);
	if (handle < 0)
		return handle;
	model->kind = REGION_FILE;
	model->file = (int32_t)handle;
	model->file_off = arg[5];
	model->file_size = facts.size;
	model->dev = facts.dev;
	model->ino = facts.ino;
	at = aspace_map(mine(), model, arg[1], arg[3] & (MAP_FIXED | MAP_FIXED_NOREPLACE),
			!(arg[3] & MAP_FIXED_NOREPLACE));
	if (at < 0)
		filemap_drop((int32_t)handle);
	return at;
}

static int64_t map_file_shared(struct region *model, uint64_t size, const uint64_t arg[6])
{
	bool fixed = arg[3] & (MAP_FIXED | MAP_FIXED_NOREPLACE), replace = !(arg[3] & MAP_FIXED_NOREPLACE);
	struct file_facts facts = { .dev = 0 };
	int may_write = file_access((int32_t)arg[4], arg[2] & REGION_WRITE), err;
	uint64_t huge;

	if (may_write < 0)
		return may_write;
	err = file_facts((int32_t)arg[4], &facts);
	if (err)
		return err;
	if ((facts.mode & MODE_TYPE) == MODE_CHAR && facts.rdev == DEV_ZERO) {
		model->flags |= REGION_F_SHAREABLE;
		return aspace_map(mine(), model, size, fixed, replace);
	}
	huge = file_huge_page((int32_t)arg[4], &facts);
	if (huge) {
		/* Whole ones, and at addresses that suit, as Linux does. */
		if ((arg[5] & (huge - 1)) || (fixed && (model->start & (huge - 1))))
			return -EINVAL;
		size = (size + huge - 1) & ~(huge - 1);
		model->start = (model->start + huge - 1) & ~(huge - 1);
	}
	if (may_write)
		model->flags |= REGION_F_MAYWRITE;
	model->file_off = arg[5];
	model->file_size = facts.size;
	model->dev = facts.dev;
	model->ino = facts.ino;
	return aspace_map_shared(mine(), model, size, (int32_t)arg[4], fixed, replace);
}

static int64_t map_any(const uint64_t arg[6])
{
	uint64_t size = (arg[1] + PAGE_LOW) & ~PAGE_LOW, flags = arg[3], type = flags & MAP_TYPE;
	struct region model = { .start = arg[0], .prot = (uint32_t)arg[2] & PROT_ALL };

	if (!arg[1] || (arg[5] & PAGE_LOW))
		return -EINVAL;
	if (size < arg[1] || limit_passed(size))
		return -ENOMEM;
	if (type != MAP_SHARED && type != MAP_PRIVATE && type != MAP_SHARED_VALIDATE)
		return -EINVAL;
	if (flags & MAP_HUGETLB)
		return -ENOMEM;   /* as on a Linux without a pool of huge pages */
	if (!(flags & MAP_NORESERVE) && type == MAP_PRIVATE && (arg[2] & REGION_WRITE) && too_large(size))
		return -ENOMEM;
	if (flags & MAP_NORESERVE)
		model.flags |= REGION_F_NORESERVE;
	if (flags & MAP_STACK)
		model.flags |= REGION_F_SMALL_TOP;
	if ((flags & MAP_GROWSDOWN) && (flags & MAP_ANONYMOUS) && type == MAP_PRIVATE)
		model.flags |= REGION_F_GROWS_DOWN;
	if (!(flags & MAP_ANONYMOUS)) {
		if ((int32_t)arg[4] < 0)
			return -EBADF;
		if (type == MAP_PRIVATE)
			return map_file_private(&model, arg);
		return map_file_shared(&model, size, arg);
	}
	/* Nobody to share it with but our own threads, as long as there is no fork. */
	if (type != MAP_PRIVATE)
		model.flags |= REGION_F_SHAREABLE;
	return aspace_map(mine(), &model, size, flags & (MAP_FIXED | MAP_FIXED_NOREPLACE),
			  !(flags & MAP_FIXED_NOREPLACE));
}

int64_t sys_mmap(const uint64_t arg[6])
{
	int64_t at = map_any(arg);

	if (at > 0 && (arg[3] & (MAP_POPULATE | MAP_LOCKED)) && (arg[2] & PROT_ALL))
		aspace_populate(mine(), (isle_uva_t)at, arg[1],
				arg[2] & REGION_WRITE ? ACCESS_WRITE : ACCESS_READ);
	return at;
}

int64_t sys_munmap(const uint64_t arg[6])
{
	return aspace_unmap(mine(), arg[0], arg[1]);
}

int64_t sys_mprotect(const uint64_t arg[6])
{
	if (arg[2] & ~(uint64_t)(PROT_ALL | PROT_GROWSDOWN | PROT_GROWSUP | 8))
		return -EINVAL;
	return aspace_protect(mine(), arg[0], arg[1], (uint32_t)arg[2] & PROT_ALL);
}

int64_t sys_pkey_mprotect(const uint64_t arg[6])
{
	/* There are no keys but the default one. */
	return (int32_t)arg[3] == -1 ? sys_mprotect(arg) : -EINVAL;
}

int64_t sys_brk(const uint64_t arg[6])
{
	/* One brk at a time in this memory, a child of vfork's too. */
	struct mutex *lock = &process_memory(process_current())->scratch_lock;
	struct aspace *aspace = mine();
	uint64_t limit = process_current()->rlimit[RLIMIT_DATA][0];
	isle_uva_t old, new = arg[0], old_page, new_page;

	mutex_lock(lock);
	old = aspace->brk;
	old_page = (old + PAGE_LOW) & ~PAGE_LOW;
	new_page = (new + PAGE_LOW) & ~PAGE_LOW;
	if (new < aspace->brk_start || new >= ISLE_USER_TOP || new - aspace->brk_start > limit)
		new = old;
	else if (new_page < old_page && aspace_unmap(aspace, new_page, old_page - new_page))
		new = old;
	else if (new_page > old_page) {
		struct region model = {
			.kind = REGION_ANON, .start = old_page, .prot = REGION_READ | REGION_WRITE,
			.flags = REGION_F_HEAP,
		};

		if (limit_passed(new_page - old_page) || too_large(new_page - old_page) ||
		    aspace_map(aspace, &model, new_page - old_page, true, false) < 0)
			new = old;
	}
	aspace->brk = new;
	mutex_unlock(lock);
	return (int64_t)new;
}

int64_t sys_mremap(const uint64_t arg[6])
{
	return aspace_remap(mine(), arg[0], arg[1], arg[2], arg[3], arg[4]);
}

static bool range_wrong(uint64_t addr, uint64_t size)
{
	return (addr & PAGE_LOW) || addr > ISLE_USER_TOP || size > ISLE_USER_TOP - addr;
}

int64_t sys_msync(const uint64_t arg[6])
{
	enum { MS_ASYNC = 1, MS_INVALIDATE = 2, MS_SYNC = 4 };
	uint64_t size = (arg[1] + PAGE_LOW) & ~PAGE_LOW;

	/*
	 * Addresses beyond the program's look mapped, for the proxy may be there: MPICH asks in this way for
	 * addresses that are free in all ranks, and would fail to map what it finds.
	 */
	if (arg[0] >= ISLE_USER_TOP && arg[0] < USER_END_LINUX && !(arg[0] & PAGE_LOW) && !(arg[2] & ~7ull))
		return 0;
	if (range_wrong(arg[0], size) || (arg[2] & ~7ull) || ((arg[2] & MS_ASYNC) && (arg[2] & MS_SYNC)))
		return arg[0] & PAGE_LOW || arg[2] & ~7ull || (arg[2] & 5) == 5 ? -EINVAL : -ENOMEM;
	if (!size)
		return 0;
	if (!aspace_covers(mine(), arg[0], size))
		return -ENOMEM;
	/* Only Linux's own pages have somewhere to go; they are mapped in the proxy at the same place. */
	return aspace_has_shared(mine(), arg[0], size) ? syscall_forward(26, arg) : 0;
}

int64_t sys_mincore(const uint64_t arg[6])
{
	uint64_t size = (arg[1] + PAGE_LOW) & ~PAGE_LOW, i;

	if (arg[0] & PAGE_LOW)
		return -EINVAL;
	if (range_wrong(arg[0], size) || (size && !aspace_covers(mine(), arg[0], size)))
		return -ENOMEM;
	for (i = 0; i < size / ISLE_PAGE_SIZE; i++) {
		uint8_t in = aspace_present(mine(), arg[0] + i * ISLE_PAGE_SIZE);

		if (put_user(&in, arg[2] + i))
			return -EFAULT;
		ipi_poll();
	}
	return 0;
}

/* A hole in the file behind a shared mapping. */
static int64_t remove_pages(const uint64_t arg[6], uint64_t size)
{
	int64_t err;

	if (!aspace_covers(mine(), arg[0], size))
		return -ENOMEM;
	if (!aspace_has_shared(mine(), arg[0], size))
		return -EINVAL;
	err = syscall_forward(SYS_MADVISE, arg);
	/* Afterwards: a page that is touched before is one of those that go. */
	if (!err)
		aspace_shared_changed(mine(), 0, 0, 0);
	return err;
}

int64_t sys_madvise(const uint64_t arg[6])
{
	enum {
		NORMAL = 0, RANDOM, SEQUENTIAL, WILLNEED, DONTNEED, FREE = 8, REMOVE, DONTFORK, DOFORK,
		MERGEABLE = 12, UNMERGEABLE, HUGEPAGE, NOHUGEPAGE, DONTDUMP, DODUMP, WIPEONFORK, KEEPONFORK,
		COLD, PAGEOUT, POPULATE_READ, POPULATE_WRITE, COLLAPSE = 25,
	};
	uint64_t size = (arg[1] + PAGE_LOW) & ~PAGE_LOW;
	uint32_t advice = (uint32_t)arg[2];

	if (range_wrong(arg[0], size) || size < arg[1] || advice > COLLAPSE ||
	    (advice > DONTNEED && advice < FREE) || advice == 24)
		return -EINVAL;
	if (!size)
		return 0;
	switch (advice) {
	case DONTNEED:
	case FREE:
		return aspace_discard(mine(), arg[0], size);
	case POPULATE_READ:
		return aspace_populate(mine(), arg[0], size, ACCESS_READ);
	case POPULATE_WRITE:
		return aspace_populate(mine(), arg[0], size, ACCESS_WRITE);
	case REMOVE:
		return remove_pages(arg, size);
	case HUGEPAGE:
		return aspace_flag(mine(), arg[0], size, 0, REGION_F_NOHUGE);
	case NOHUGEPAGE:
		return aspace_flag(mine(), arg[0], size, REGION_F_NOHUGE, 0);
	default:
		/* Advice about caches, swap and fork, none of which is here: taken, and of no effect. */
		return aspace_covers(mine(), arg[0], size) ? 0 : -ENOMEM;
	}
}

static int64_t lock_range(uint64_t addr, uint64_t len, bool populate)
{
	isle_uva_t start = addr & ~PAGE_LOW;
	uint64_t size = (len + (addr & PAGE_LOW) + PAGE_LOW) & ~PAGE_LOW;

	if (size < len)
		return -EINVAL;
	if (!len)
		return 0;
	if (range_wrong(start, size) || !aspace_covers(mine(), start, size))
		return -ENOMEM;
	/* Nothing is ever swapped: what is present is locked. */
	if (populate && aspace_populate(mine(), start, size, ACCESS_READ) == -ENOMEM)
		return -EAGAIN;
	return 0;
}

int64_t sys_mlock(const uint64_t arg[6])
{
	return lock_range(arg[0], arg[1], true);
}

int64_t sys_mlock2(const uint64_t arg[6])
{
	return arg[2] & ~1ull ? -EINVAL : lock_range(arg[0], arg[1], !(arg[2] & 1));
}

int64_t sys_munlock(const uint64_t arg[6])
{
	return lock_range(arg[0], arg[1], false);
}

int64_t sys_mlockall(const uint64_t arg[6])
{
	return !arg[0] || (arg[0] & ~7ull) || arg[0] == 4 ? -EINVAL : 0;
}

int64_t sys_munlockall(const uint64_t arg[6])
{
	(void)arg;
	return 0;
}
