// SPDX-License-Identifier: MIT
/*
 * shared.c - shared mappings: Linux's own pages, which the proxy maps and the module pins.
 *
 * The proxy maps the file or segment at the program's address, the module pins its pages and writes
 * their physical addresses into the pin table (abi/isle/pin.h), which the proxy cannot touch. One
 * request is under way at a time. Pages are pinned when they are touched, with some that follow, so
 * a sparse file stays sparse. Pages behind the end of the file cannot be pinned: touching them is
 * SIGBUS, until the file has grown.
 */
#include <kern/aspace.h>

#include <arch/umap.h>
#include <kern/boot.h>
#include <kern/chan.h>
#include <kern/errno.h>
#include <kern/log.h>

#include <isle/call.h>
#include <isle/pin.h>
#include <isle/window.h>

#include "mm_priv.h"

/* Pages pinned with the one that is touched: the table has room for them however they are scattered. */
#define PIN_PAGES  512u

_Static_assert(PIN_PAGES <= ISLE_PIN_RUNS, "a run a page at worst");

static struct spinlock pin_init_lock = SPINLOCK_INIT;
static struct mutex pin_lock;
static bool pin_lock_ready;

static void pins_lock(void)
{
	spin_lock(&pin_init_lock);
	if (!pin_lock_ready)
		mutex_init(&pin_lock);
	pin_lock_ready = true;
	spin_unlock(&pin_init_lock);
	mutex_lock(&pin_lock);
}

static const struct isle_pins *table(void)
{
	return private_at(boot->pins_ipa);
}

/* Acquire: pairs with the module's release; the table is complete. */
static uint64_t table_sequence(void)
{
	return __atomic_load_n(&table()->sequence, __ATOMIC_ACQUIRE);
}

/* Maps the pages of the table at uva. Bytes mapped, or -errno. */
static int64_t table_map(struct aspace *aspace, isle_uva_t uva, uint64_t len, uint32_t prot)
{
	const struct isle_pins *pins = table();
	struct upage page = { .level = 1, .prot = prot, .foreign = true };
	isle_uva_t at = uva;
	uint32_t i;
	int err;

	if (pins->uva != uva || pins->len > len || pins->nr_runs > ISLE_PIN_RUNS)
		return -EIO;
	/* The proxy chooses how it asks: pages that were pinned for reading may be a file's that it may not write. */
	if ((prot & REGION_WRITE) && !pins->writable)
		return -EIO;
	for (i = 0; i < pins->nr_runs; i++) {
		uint64_t n;

		page.hpa = pins->run[i].hpa;
		for (n = 0; n < pins->run[i].pages && at < uva + pins->len; n++) {
			err = umap_set(aspace->root, at, &page);
			if (err)
				return err;
			page.hpa += ISLE_PAGE_SIZE;
			at += ISLE_PAGE_SIZE;
		}
	}
	return (int64_t)(at - uva);
}

/* Pins and maps the page at uva and absent ones behind it. Bytes, or -errno. Lock held. */
static int64_t pages_pin(struct aspace *aspace, const struct region *region, isle_uva_t uva)
{
	uint64_t len = ISLE_PAGE_SIZE, before;
	int64_t got;

	while (len < PIN_PAGES * ISLE_PAGE_SIZE && uva + len < region->end &&
	       umap_get(aspace->root, uva + len).level == 0)
		len += ISLE_PAGE_SIZE;
	pins_lock();
	before = table_sequence();
	got = chan_isle_call(ISLE_CALL_PIN, uva, len, (region->prot & REGION_WRITE) != 0, 0, 0, 0);
	/* An old table says what was pinned once: a proxy that only says that it has asked gets nothing mapped. */
	if (got > 0 && table_sequence() == before)
		got = -EIO;
	if (got > 0)
		got = table_map(aspace, uva, len, region->prot);
	mutex_unlock(&pin_lock);
	return got ? got : -EIO;
}

int shared_fill(struct aspace *aspace, const struct region *region, isle_uva_t addr)
{
	int64_t got = pages_pin(aspace, region, addr);

	if (got == -ENOSPC || got == -ENOMEM)
		return -ENOMEM;
	return got > 0 ? 0 : -EIO;
}

/* Has the proxy map it, and pins its beginning: what cannot be kept at all is told at once. Lock held. */
static int64_t map_locked(struct aspace *aspace, struct region *model, uint64_t size, int32_t source)
{
	const struct region *region;
	int64_t got;

	if (model->flags & REGION_F_SHM)
		got = chan_isle_call(ISLE_CALL_SHM_MAP, (uint32_t)source,
				     model->flags & REGION_F_MAYWRITE ? 0 : 010000 /* SHM_RDONLY */, model->start,
				     0, 0, 0);
	else
		got = chan_isle_call(ISLE_CALL_MAP_SHARED, (uint32_t)source, model->file_off, size, model->prot, 0,
				     model->start);
	if (got < 0)
		return got;
	if ((model->flags & REGION_F_SHM) && (uint64_t)got != size)
		return -EINVAL;
	region = region_find(&aspace->regions, model->start);
	if (model->file_off >= model->file_size || !region)
		return 0;
	got = pages_pin(aspace, region, model->start);
	/* Where there is no page, for want of space, touching it is the error. */
	if (got > 0 || got == -EFAULT)
		return 0;
	if (got == -EOPNOTSUPP) {
		log_warn("mmap: Linux does not let pages of this file be kept for a shared mapping that writes; "
			 "put the file on tmpfs, ext4 or xfs");
		return -ENODEV;
	}
	return got == -ENOSPC ? -ENOMEM : got;
}

int64_t aspace_map_shared(struct aspace *aspace, struct region *model, uint64_t size, int32_t source, bool fixed,
			  bool replace)
{
	int64_t at, err;

	if (!boot->pins_ipa)
		return -ENODEV;
	model->kind = REGION_SHARED;
	at = aspace_map(aspace, model, size, fixed, replace);
	if (at < 0)
		return at;
	__atomic_add_fetch(&aspace->nr_shared, 1, __ATOMIC_RELAXED);
	mutex_lock(&aspace->lock);
	err = map_locked(aspace, model, size, source);
	mutex_unlock(&aspace->lock);
	if (!err)
		return at;
	aspace_unmap(aspace, (isle_uva_t)at, size);
	return err;
}

void shared_release(isle_uva_t start, isle_uva_t end)
{
	chan_isle_call(ISLE_CALL_UNPIN, start, end - start, 0, 0, 0, 0);
}

void shared_forget(struct aspace *aspace, isle_uva_t start, isle_uva_t end)
{
	isle_uva_t at = start;
	bool any = false;

	while (at < end) {
		if (!umap_get(aspace->root, at).level) {
			at = umap_skip(aspace->root, at);
			continue;
		}
		umap_clear(aspace->root, at);
		any = true;
		at += ISLE_PAGE_SIZE;
	}
	if (!any)
		return;
	pages_flush(aspace, start, end - start);
	chan_isle_call(ISLE_CALL_UNPIN, start, end - start, 1, 0, 0, 0);
}

void aspace_shared_changed(struct aspace *aspace, uint64_t dev, uint64_t ino, uint64_t off)
{
	const struct region *region;

	if (!__atomic_load_n(&aspace->nr_shared, __ATOMIC_RELAXED))
		return;
	off &= ~(uint64_t)(ISLE_PAGE_SIZE - 1);
	mutex_lock(&aspace->lock);
	for (region = region_find_from(&aspace->regions, 0); region; region = region_next(&aspace->regions, region)) {
		uint64_t size = region->end - region->start;
		uint64_t skip = off > region->file_off ? off - region->file_off : 0;

		if (region->kind != REGION_SHARED || (region->flags & REGION_F_SHM) || skip >= size ||
		    (ino && (region->ino != ino || region->dev != dev)))
			continue;
		shared_forget(aspace, region->start + skip, region->end);
	}
	mutex_unlock(&aspace->lock);
}

int aspace_detach(struct aspace *aspace, isle_uva_t addr)
{
	const struct region *region;
	isle_uva_t end = 0;
	uint64_t ino = 0;
	int err = -EINVAL;

	mutex_lock(&aspace->lock);
	/* What is left of the segment: parts may have been unmapped or given other rights. */
	for (region = region_find_from(&aspace->regions, addr); region;
	     region = region_next(&aspace->regions, region)) {
		if (end && region->start - addr > end - addr + (1ull << 40))
			break;
		if (!(region->flags & REGION_F_SHM) || region->start - region->file_off != addr ||
		    (ino && region->ino != ino))
			continue;
		ino = region->ino;
		end = region->end;
	}
	for (region = region_find_from(&aspace->regions, addr); region && region->start < end;) {
		isle_uva_t next = region->end;

		err = 0;
		if ((region->flags & REGION_F_SHM) && region->start - region->file_off == addr && region->ino == ino)
			err = range_clear(aspace, region->start, region->end);
		if (err)
			break;
		region = region_find_from(&aspace->regions, next);
	}
	mutex_unlock(&aspace->lock);
	return err;
}

int64_t shared_remap(struct aspace *aspace, isle_uva_t old, uint64_t size, isle_uva_t to, uint64_t new_size)
{
	const struct region *region = region_find(&aspace->regions, old);
	struct region model = *region;
	int64_t err;

	model.file_off += old - region->start;
	model.start = to;
	model.end = to + new_size;
	shared_forget(aspace, old, old + size);
	err = region_split(&aspace->regions, old);
	if (!err)
		err = region_split(&aspace->regions, old + size);
	if (!err)
		err = chan_isle_call(ISLE_CALL_REMAP, old, size, new_size, to, 0, 0);
	if (!err)
		err = region_remove(&aspace->regions, old, old + size);
	if (err)
		return err;
	return region_insert(&aspace->regions, &model) ? (int64_t)to : -ENOMEM;
}
