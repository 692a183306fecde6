// SPDX-License-Identifier: MIT
/*
 * migrate.c - on which node pages lie, and moving them to another.
 *
 * A page is taken out of tables and cores, copied, and mapped where its copy lies; who touches it meanwhile waits
 * for the address space's lock. The proxy writes to pages while it makes a call, and cannot be stopped: while another
 * thread's call is in work, nothing moves (-EBUSY, which move_pages has a word for). A call that begins later finds
 * its buffers only after it had the lock, and the mirror's entries are published with it.
 */
#include <kern/aspace.h>

#include <arch/mmu.h>
#include <arch/umap.h>
#include <kern/cpu.h>
#include <kern/errno.h>
#include <kern/extent.h>
#include <kern/frame.h>
#include <kern/mirror.h>
#include <kern/process.h>
#include <kern/string.h>
#include <kern/thread.h>

#include "mm_priv.h"

static uint32_t frame_node(isle_hpa_t hpa)
{
	return extents.list[extent_of_hpa(hpa)].node;
}

/* Lock held. */
static int page_node(struct aspace *aspace, isle_uva_t addr)
{
	struct upage page = umap_get(aspace->root, addr);

	if (!region_find(&aspace->regions, addr))
		return -EFAULT;
	if (!page.level)
		return -ENOENT;
	return page.foreign ? -EOPNOTSUPP : (int)frame_node(page.hpa);
}

int aspace_page_node(struct aspace *aspace, isle_uva_t addr)
{
	int node;

	if (addr >= ISLE_USER_TOP)
		return -EFAULT;
	mutex_lock(&aspace->lock);
	node = page_node(aspace, addr);
	mutex_unlock(&aspace->lock);
	return node;
}

/* Lock of the address space held. */
static bool calls_in_work(void)
{
	struct process *process = process_current();
	struct list *link;
	bool any = false;

	spin_lock(&process->lock);
	list_for_each(link, &process->threads) {
		const struct thread *thread = list_entry(link, struct thread, process_link);

		any = any || (thread != thread_current() && __atomic_load_n(&thread->calling, __ATOMIC_ACQUIRE));
	}
	spin_unlock(&process->lock);
	return any;
}

/* Moves the present page at addr to a frame that the policy gives. Lock held. */
static int page_move(struct aspace *aspace, isle_uva_t addr, const struct policy *policy)
{
	struct upage page = umap_get(aspace->root, addr);
	uint64_t size = UMAP_SIZE(page.level);
	uint32_t nr = (uint32_t)(size / FRAME_SIZE);
	isle_hpa_t old = page.hpa;
	isle_uva_t at = addr & ~(size - 1);

	if (page.level > 2 || calls_in_work())
		return -EBUSY;
	page.hpa = policy_alloc(policy, nr, policy_node(policy, frame_node(old), at / size), at / size);
	if (page.hpa == FRAME_NONE)
		return -ENOMEM;
	if (!policy_fits(policy, frame_node(page.hpa))) {
		frame_free(page.hpa, nr);
		return -ENOMEM;
	}
	umap_clear(aspace->root, at);
	pages_flush(aspace, at, size);
	memcpy(hpa_to_va(page.hpa), hpa_to_va(old), size);
	counter_add(BYTES_COPIED, size);
	/* The table is there: this cannot fail. */
	umap_set(aspace->root, at, &page);
	mirror_map(at, page.hpa, size, page.prot);
	mirror_release(old, nr);
	return 0;
}

int aspace_page_move(struct aspace *aspace, isle_uva_t addr, uint32_t node)
{
	const struct policy there = { .mode = POLICY_BIND, .nodes = 1ull << node };
	int at, err = 0;

	if (addr >= ISLE_USER_TOP)
		return -EFAULT;
	mutex_lock(&aspace->lock);
	at = page_node(aspace, addr);
	if (at >= 0 && (uint32_t)at != node)
		err = page_move(aspace, addr, &there);
	mutex_unlock(&aspace->lock);
	return at < 0 ? at : err ? err : (int)node;
}

uint64_t aspace_pages_place(struct aspace *aspace, isle_uva_t start, isle_uva_t end, uint64_t from,
			    const struct policy *policy, bool move)
{
	isle_uva_t at = start;
	uint64_t wrong = 0;

	mutex_lock(&aspace->lock);
	while (at < end) {
		struct upage page = umap_get(aspace->root, at);
		uint32_t node;

		if (!page.level) {
			at = umap_skip(aspace->root, at);
			continue;
		}
		node = page.foreign ? 0 : frame_node(page.hpa);
		if (!page.foreign && (from >> node & 1) && !policy_fits(policy, node) &&
		    (!move || page_move(aspace, at, policy)))
			wrong += UMAP_SIZE(page.level) / FRAME_SIZE;
		at = (at | (UMAP_SIZE(page.level) - 1)) + 1;
	}
	mutex_unlock(&aspace->lock);
	return wrong;
}

int aspace_policy_get(struct aspace *aspace, isle_uva_t addr, struct policy *policy)
{
	const struct region *region;

	mutex_lock(&aspace->lock);
	region = region_find(&aspace->regions, addr);
	if (region)
		*policy = region->policy;
	mutex_unlock(&aspace->lock);
	return region ? 0 : -EFAULT;
}

int aspace_policy_set(struct aspace *aspace, isle_uva_t start, isle_uva_t end, const struct policy *policy)
{
	struct region *region;
	int err;

	mutex_lock(&aspace->lock);
	err = region_range_full(&aspace->regions, start, end) ? 0 : -EFAULT;
	if (!err)
		err = region_split(&aspace->regions, start);
	if (!err)
		err = region_split(&aspace->regions, end);
	for (region = region_find_from(&aspace->regions, start); !err && region && region->start < end;
	     region = region_next(&aspace->regions, region))
		region->policy = *policy;
	region_merge(&aspace->regions, start, end);
	mutex_unlock(&aspace->lock);
	return err;
}

int aspace_policy_home(struct aspace *aspace, isle_uva_t start, isle_uva_t end, uint32_t node)
{
	struct region *region;
	int err = -ENOENT, split;

	mutex_lock(&aspace->lock);
	split = region_split(&aspace->regions, start);
	if (!split)
		split = region_split(&aspace->regions, end);
	for (region = region_find_from(&aspace->regions, start); !split && region && region->start < end;
	     region = region_next(&aspace->regions, region)) {
		if (region->policy.mode == POLICY_DEFAULT)
			continue;
		err = region->policy.mode == POLICY_BIND || region->policy.mode == POLICY_PREFERRED_MANY ?
			0 : -EOPNOTSUPP;
		if (err)
			break;
		region->policy.home = node + 1;
	}
	region_merge(&aspace->regions, start, end);
	mutex_unlock(&aspace->lock);
	return split ? split : err;
}
