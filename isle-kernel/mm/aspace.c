// SPDX-License-Identifier: MIT
/*
 * aspace.c - an address space: making it, filling pages, telling other cores.
 *
 * A program is never copied (fork is refused), so a page belongs to one mapping: private file pages
 * are copies from the start and nothing is ever shared copy-on-write. A page that leaves a mapping is
 * taken out of the tables, then out of all cores' memories of them, then out of the mirror, and
 * only then given back.
 */
#include <kern/aspace.h>

#include <arch/umap.h>
#include <kern/chan.h>
#include <kern/cpu.h>
#include <kern/errno.h>
#include <kern/extent.h>
#include <kern/frame.h>
#include <kern/ipi.h>
#include <kern/kmalloc.h>
#include <kern/mirror.h>
#include <kern/panic.h>
#include <kern/process.h>
#include <kern/thread.h>

#include <isle/call.h>
#include <isle/window.h>

#include "mm_priv.h"

#define LARGE         ISLE_GRANULE_SIZE
/* Pages of a file read at once when one is touched. */
#define READ_AHEAD    16u
/* The same for parts of programs. */
#define READ_MOST     256u
/* What a mapping that grows down leaves free below it. */
#define GUARD_PAGES   256u
#define RLIMIT_STACK  3

struct aspace *aspace_create(void)
{
	struct aspace *aspace = kzalloc(sizeof(*aspace));

	if (!aspace)
		return NULL;
	aspace->root = umap_create();
	if (!aspace->root) {
		kfree(aspace);
		return NULL;
	}
	mutex_init(&aspace->lock);
	region_set_init(&aspace->regions, file_hold, file_drop);
	aspace->mmap_top = ISLE_USER_TOP - LARGE;
	return aspace;
}

int aspace_reset(struct aspace *aspace)
{
	int err = aspace_unmap(aspace, 0, ISLE_USER_TOP);

	if (err)
		return err;
	aspace->brk_start = aspace->brk = 0;
	aspace->mmap_top = ISLE_USER_TOP - LARGE;
	__atomic_store_n(&aspace->nr_shared, 0, __ATOMIC_RELAXED);
	return 0;
}

void aspace_destroy(struct aspace *aspace)
{
	pages_remove(aspace, 0, ISLE_USER_TOP);
	region_set_fini(&aspace->regions);
	umap_destroy(aspace->root);
	kfree(aspace);
}

void aspace_activate(struct aspace *aspace)
{
	uint64_t root = aspace ? aspace->root : 0;

	if (aspace == this_cpu()->aspace)
		return;
	this_cpu()->aspace = aspace;
	if (aspace)
		__atomic_or_fetch(&aspace->active.bits[this_cpu()->row / 64], 1ull << (this_cpu()->row % 64),
				  __ATOMIC_SEQ_CST);
	umap_activate(root);
}

struct flush {
	isle_uva_t uva;
	uint64_t size;
};

static void flush_run(void *arg)
{
	const struct flush *flush = arg;

	umap_flush_local(flush->uva, flush->size);
}

void pages_flush(struct aspace *aspace, isle_uva_t uva, uint64_t size)
{
	struct flush flush = { uva, size };

	/* The tables' change before the look at who uses them: pairs with the locked or in aspace_activate. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!ipi_call(&aspace->active, flush_run, &flush))
		panic("a core does not answer a TLB shoot-down");
}

/* Whether the large page at this address may be filled at once. */
static bool large_suits(const struct region *region, isle_uva_t large)
{
	isle_uva_t end = region->flags & REGION_F_SMALL_TOP ? region->end - LARGE : region->end;

	return large >= region->start && large + LARGE <= end && !(region->flags & REGION_F_NOHUGE);
}

/* Frames for addr, from the node that the mapping's policy or else the thread's says. */
static isle_hpa_t frame_take(const struct region *region, isle_uva_t addr, uint32_t nr)
{
	struct thread *me = thread_current();

	if (region->policy.mode != POLICY_DEFAULT || !me)
		return policy_alloc(&region->policy, nr, this_cpu()->node,
				    (addr - region->start) / (nr * (uint64_t)FRAME_SIZE));
	return policy_alloc(&me->policy, nr, this_cpu()->node,
			    me->policy.mode == POLICY_INTERLEAVE ? me->policy_next++ : 0);
}

/* A zeroed page for anonymous memory at addr: large where the region covers one, else small. */
static int anon_fill(struct aspace *aspace, const struct region *region, isle_uva_t addr)
{
	isle_uva_t large = addr & ~(LARGE - 1);
	struct upage page = { .prot = region->prot };
	int err;

	if (large_suits(region, large) && umap_get(aspace->root, large).level == 0 &&
	    umap_skip(aspace->root, large) >= large + LARGE) {
		page.hpa = frame_take(region, large, FRAMES_GRANULE);
		page.level = 2;
		addr = large;
	}
	if (!page.level || page.hpa == FRAME_NONE) {
		page.hpa = frame_take(region, addr, 1);
		page.level = 1;
	}
	if (page.hpa == FRAME_NONE)
		return -ENOMEM;
	addr &= ~(UMAP_SIZE(page.level) - 1);
	err = umap_set(aspace->root, addr, &page);
	if (err) {
		frame_free(page.hpa, (uint32_t)(UMAP_SIZE(page.level) / FRAME_SIZE));
		return err;
	}
	aspace->resident += UMAP_SIZE(page.level) / FRAME_SIZE;
	mirror_map(addr, page.hpa, UMAP_SIZE(page.level), page.prot);
	return 0;
}

/* The same where the tables are there already: the most frequent fault. */
static int anon_fill_small(struct aspace *aspace, const struct region *region, isle_uva_t addr, uint64_t *place)
{
	struct upage page = { .prot = region->prot, .level = 1 };

	page.hpa = frame_alloc(1, this_cpu()->node, FRAME_USER);
	if (page.hpa == FRAME_NONE)
		return -ENOMEM;
	umap_fill(place, &page);
	aspace->resident++;
	mirror_map(addr & ~(FRAME_SIZE - 1), page.hpa, FRAME_SIZE, page.prot);
	return 0;
}

/*
 * Where a read for addr should begin: parts of programs are read at once, if they are not too large, because
 * most of their pages will be needed.
 */
static isle_uva_t read_begin(struct aspace *aspace, const struct region *region, isle_uva_t addr)
{
	isle_uva_t first = addr & ~(LARGE - 1);

	if (!(region->flags & REGION_F_AT_ONCE))
		return addr;
	first = first > region->start ? first : region->start;
	return umap_room(aspace->root, first, READ_MOST) > (addr - first) / FRAME_SIZE ? first : addr;
}

/* How many absent pages follow addr that one read should fill. */
static uint32_t ahead_count(struct aspace *aspace, const struct region *region, isle_uva_t addr)
{
	uint64_t in_file = region->file_size - (region->file_off + (addr - region->start));
	uint64_t max = (region->end - addr) / FRAME_SIZE;
	uint32_t most = region->flags & REGION_F_AT_ONCE ? READ_MOST : READ_AHEAD;

	in_file = (in_file + FRAME_SIZE - 1) / FRAME_SIZE;
	if (max > in_file)
		max = in_file;
	return umap_room(aspace->root, addr, max < most ? (uint32_t)max : most);
}

/* Pages of a private file mapping, from one run of frames. */
static int file_fill(struct aspace *aspace, const struct region *region, isle_uva_t addr)
{
	struct upage page = { .level = 1, .prot = region->prot, .hpa = FRAME_NONE };
	isle_uva_t touched = addr;
	uint64_t off;
	uint32_t n;
	int64_t got;

	if (region->file_off + (addr - region->start) >= region->file_size)
		return -EIO;
	addr = read_begin(aspace, region, addr);
	n = ahead_count(aspace, region, addr);
	page.hpa = frame_take(region, addr, n);
	/* No such piece of memory: less, of the part that is needed. */
	if (page.hpa == FRAME_NONE) {
		addr = touched;
		n = ahead_count(aspace, region, addr);
		n = n < READ_AHEAD ? n : READ_AHEAD;
		while (n && (page.hpa = frame_take(region, addr, n)) == FRAME_NONE)
			n /= 2;
	}
	if (page.hpa == FRAME_NONE)
		return -ENOMEM;
	off = region->file_off + (addr - region->start);
	got = chan_isle_call(ISLE_CALL_FILL, (uint64_t)region->file, off, hpa_to_ipa(page.hpa), n * FRAME_SIZE, 0, 0);
	if (got < 0) {
		frame_free(page.hpa, n);
		return -EIO;
	}
	if (umap_set_run(aspace->root, addr, &page, n)) {
		frame_free(page.hpa, n);
		return -ENOMEM;
	}
	aspace->resident += n;
	mirror_map(addr, page.hpa, n * FRAME_SIZE, page.prot);
	return 0;
}

static bool allowed(uint32_t prot, uint32_t access)
{
	return !((access & ACCESS_WRITE && !(prot & REGION_WRITE)) || (access & ACCESS_EXEC && !(prot & REGION_EXEC)) ||
		 (access & ACCESS_READ && !(prot & (REGION_READ | REGION_WRITE | REGION_EXEC))));
}

/*
 * The mapping above a hole grows down to addr, if it is of that kind: no further than a stack may, and not near what
 * lies below (Linux, mm/mmap.c, expand_downwards). Lock held.
 */
static const struct region *region_grow(struct aspace *aspace, isle_uva_t addr)
{
	struct region *region = region_find_from(&aspace->regions, addr), *below;
	isle_uva_t start = addr & ~(FRAME_SIZE - 1), gap = GUARD_PAGES * FRAME_SIZE;

	below = start > gap ? region_find_from(&aspace->regions, start - gap) : NULL;
	if (!region || !(region->flags & REGION_F_GROWS_DOWN) || start < ISLE_USER_BOTTOM + gap ||
	    region->end - start > process_current()->rlimit[RLIMIT_STACK][0] ||
	    (below && below != region && below->prot))
		return NULL;
	region_grow_down(&aspace->regions, region, start);
	return region;
}

/* Lock held. */
static int page_try(struct aspace *aspace, isle_uva_t addr, uint32_t access)
{
	const struct region *region = region_find(&aspace->regions, addr);
	struct upage page;
	uint64_t *place;

	if (!region)
		region = region_grow(aspace, addr);
	if (!region)
		return -EFAULT;
	if (!allowed(region->prot, access))
		return -EACCES;
	place = region->kind == REGION_ANON ? umap_vacant(aspace->root, addr) : NULL;
	if (place)
		return anon_fill_small(aspace, region, addr, place);
	page = umap_get(aspace->root, addr);
	/* Another thread was faster, or this core remembers less than the tables say. */
	if (page.level && page.prot == region->prot)
		return 0;
	if (page.level)
		return page_refresh(aspace, region, addr);
	switch (region->kind) {
	case REGION_ANON:
		return anon_fill(aspace, region, addr);
	case REGION_FILE:
		return file_fill(aspace, region, addr & ~(FRAME_SIZE - 1));
	default:
		return shared_fill(aspace, region, addr & ~(FRAME_SIZE - 1));
	}
}

/* The same; when memory is short, with what the proxy can let go of. Lock held. */
static int page_make(struct aspace *aspace, isle_uva_t addr, uint32_t access)
{
	int err = page_try(aspace, addr, access);

	return err == -ENOMEM && mirror_reclaim(true) ? page_try(aspace, addr, access) : err;
}

int aspace_fault(struct aspace *aspace, isle_uva_t addr, uint32_t access)
{
	int err;

	if (addr >= ISLE_USER_TOP)
		return -EFAULT;
	mutex_lock(&aspace->lock);
	err = page_make(aspace, addr, access);
	mutex_unlock(&aspace->lock);
	return err;
}

int aspace_populate(struct aspace *aspace, isle_uva_t addr, uint64_t size, uint32_t access)
{
	isle_uva_t at = addr & ~(FRAME_SIZE - 1), end = addr + size;
	int err = 0;

	if (size == 0)
		return 0;
	if (addr >= ISLE_USER_TOP || size > ISLE_USER_TOP - addr)
		return -EFAULT;
	mutex_lock(&aspace->lock);
	while (at < end && !err) {
		struct upage page = umap_get(aspace->root, at);

		if (!page.level || !allowed(page.prot, access)) {
			err = page_make(aspace, at, access);
			page = umap_get(aspace->root, at);
		}
		if (!err)
			at = (at | (UMAP_SIZE(page.level) - 1)) + 1;
		/* It may take seconds: others do not wait that long for an answer. */
		ipi_poll();
	}
	mutex_unlock(&aspace->lock);
	return err;
}
