// SPDX-License-Identifier: MIT
/*
 * shared.c - shared file mappings: Linux's own pages, which the proxy maps and the module pins.
 *
 * The proxy maps the file at the program's address and populates it, the module pins the pages and
 * writes their physical addresses into the pin table (abi/isle/pin.h), which the proxy cannot
 * touch. One request is under way at a time. Pages behind the end of the file cannot be pinned:
 * they stay absent, and touching them is SIGBUS.
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

static struct mutex pin_lock;
static bool pin_lock_ready;

/* Maps the pages of the table at uva. Bytes mapped, or -errno. */
static int64_t table_map(struct aspace *aspace, isle_uva_t uva, uint64_t len, uint32_t prot)
{
	const struct isle_pins *pins = private_at(boot->pins_ipa);
	struct upage page = { .level = 1, .prot = prot, .foreign = true };
	isle_uva_t at = uva;
	uint32_t i;
	int err;

	if (pins->uva != uva || pins->len > len || pins->nr_runs > ISLE_PIN_RUNS)
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

/* Pins and maps piece by piece. Lock of the address space and pin_lock held. */
static int pin_all(struct aspace *aspace, isle_uva_t uva, uint64_t len, uint32_t prot)
{
	while (len) {
		int64_t got = chan_isle_call(ISLE_CALL_PIN, uva, len, (prot & REGION_WRITE) != 0, 0, 0, 0);

		if (got > 0)
			got = table_map(aspace, uva, len, prot);
		if (got <= 0)
			return got ? (int)got : -EIO;
		uva += (uint64_t)got;
		len -= (uint64_t)got;
	}
	return 0;
}

static int64_t map_locked(struct aspace *aspace, struct region *model, uint64_t size, int32_t fd)
{
	int64_t err;

	err = chan_isle_call(ISLE_CALL_MAP_SHARED, (uint32_t)fd, model->file_off, size, model->prot, 0,
			     model->start);
	if (err)
		return err;
	if (!pin_lock_ready) {
		mutex_init(&pin_lock);
		pin_lock_ready = true;
	}
	mutex_lock(&pin_lock);
	err = pin_all(aspace, model->start, size, model->prot);
	mutex_unlock(&pin_lock);
	/* A file that ends inside the mapping: the rest is SIGBUS. */
	if (err == -EFAULT && umap_get(aspace->root, model->start).level)
		err = 0;
	return err;
}

int64_t aspace_map_shared(struct aspace *aspace, struct region *model, uint64_t size, int32_t fd, uint64_t off,
			  bool fixed, bool replace)
{
	int64_t at, err;

	if (!boot->pins_ipa)
		return -ENODEV;
	model->kind = REGION_SHARED;
	model->file_off = off;
	at = aspace_map(aspace, model, size, fixed, replace);
	if (at < 0)
		return at;
	__atomic_add_fetch(&aspace->nr_shared, 1, __ATOMIC_RELAXED);
	mutex_lock(&aspace->lock);
	err = map_locked(aspace, model, size, fd);
	mutex_unlock(&aspace->lock);
	if (!err)
		return at;
	log_warn("mmap: a shared mapping could not be made (error %ld)", (long)-err);
	aspace_unmap(aspace, (isle_uva_t)at, size);
	return err;
}

void shared_release(isle_uva_t start, isle_uva_t end)
{
	chan_isle_call(ISLE_CALL_UNPIN, start, end - start, 0, 0, 0, 0);
}
