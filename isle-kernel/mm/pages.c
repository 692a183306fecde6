// SPDX-License-Identifier: MIT
/*
 * pages.c - changes of pages that are present: taken out, given other rights, moved.
 *
 * The order is the same each time: tables, then other cores (one shoot-down for the whole range),
 * then the mirror, then the frames. Large pages that reach over an end of the range are split
 * first, which is all that can fail.
 */
#include "mm_priv.h"

#include <arch/umap.h>
#include <kern/aspace.h>
#include <kern/errno.h>
#include <kern/frame.h>
#include <kern/mirror.h>

/* Runs of frames collected before the shoot-down that makes them free. */
#define BATCH  48u

struct batch {
	isle_uva_t start, end;      /* of what was taken out */
	uint32_t nr;
	struct { isle_hpa_t hpa; uint32_t frames; } run[BATCH];
};

/*
 * A large page becomes small ones, whose frames are freed one by one from then on. The frames come first: whole frames
 * may be freed of what is split, but not the other way.
 */
static int large_split(struct aspace *aspace, isle_uva_t addr, const struct upage *page)
{
	int err = page->level == 2 && !page->foreign ? frame_split(page->hpa, FRAMES_GRANULE) : 0;

	return err ? err : umap_split(aspace->root, addr);
}

/* A large page that begins before addr and goes on behind it becomes small ones. */
static int boundary_make(struct aspace *aspace, isle_uva_t addr)
{
	int err = 0;

	while (!err && umap_inside(aspace->root, addr)) {
		struct upage page = umap_get(aspace->root, addr);

		err = large_split(aspace, addr, &page);
	}
	return err;
}

static int boundaries_make(struct aspace *aspace, isle_uva_t start, isle_uva_t end)
{
	int err = boundary_make(aspace, start);

	return err ? err : boundary_make(aspace, end);
}

static void batch_finish(struct aspace *aspace, struct batch *batch)
{
	uint32_t i;

	if (batch->start >= batch->end)
		return;
	pages_flush(aspace, batch->start, batch->end - batch->start);
	mirror_unmap(batch->start, batch->end - batch->start);
	for (i = 0; i < batch->nr; i++)
		mirror_release(batch->run[i].hpa, batch->run[i].frames);
	batch->start = batch->end;
	batch->nr = 0;
}

static void batch_add(struct aspace *aspace, struct batch *batch, isle_uva_t at, const struct upage *page)
{
	uint32_t frames = (uint32_t)(UMAP_SIZE(page->level) / FRAME_SIZE);
	/* A run goes back to one granule: what follows in the next one is another run. */
	bool joins = batch->nr && page->level == 1 && page->hpa % ISLE_GRANULE_SIZE &&
		     batch->run[batch->nr - 1].hpa + batch->run[batch->nr - 1].frames * FRAME_SIZE == page->hpa &&
		     batch->run[batch->nr - 1].frames < FRAMES_GRANULE - 1;

	if (!page->foreign && !joins && batch->nr == BATCH)
		batch_finish(aspace, batch);
	if (batch->nr == 0 && batch->start == batch->end)
		batch->start = at;
	batch->end = at + UMAP_SIZE(page->level);
	if (page->foreign)
		return;
	aspace->resident -= frames;
	if (joins) {
		batch->run[batch->nr - 1].frames++;
		return;
	}
	batch->run[batch->nr].hpa = page->hpa;
	batch->run[batch->nr++].frames = frames;
}

int pages_remove(struct aspace *aspace, isle_uva_t start, isle_uva_t end)
{
	isle_uva_t at = start;
	int err = boundaries_make(aspace, start, end);
	struct batch batch;

	if (err)
		return err;
	/* The runs need no beginning, and clearing them would be most of the work. */
	batch.start = batch.end = start;
	batch.nr = 0;
	while ((at = umap_next(aspace->root, at, end)) < end) {
		struct upage page = umap_clear(aspace->root, at);

		batch_add(aspace, &batch, at, &page);
		at += UMAP_SIZE(page.level);
	}
	batch_finish(aspace, &batch);
	return 0;
}

int pages_protect(struct aspace *aspace, isle_uva_t start, isle_uva_t end, uint32_t prot)
{
	isle_uva_t at = start;
	bool less = false, any = false;
	int err = boundaries_make(aspace, start, end);

	if (err)
		return err;
	while ((at = umap_next(aspace->root, at, end)) < end) {
		struct upage page = umap_get(aspace->root, at);

		less = less || (page.prot & ~prot);
		any = true;
		page.prot = prot;
		umap_set(aspace->root, at, &page);
		at += UMAP_SIZE(page.level);
	}
	/* A core that remembers fewer rights than there are faults once and looks again. */
	if (less)
		pages_flush(aspace, start, end - start);
	if (any)
		mirror_protect(start, end - start, prot);
	return 0;
}

int page_refresh(struct aspace *aspace, const struct region *region, isle_uva_t addr)
{
	struct upage page = umap_get(aspace->root, addr);
	isle_uva_t at = addr & ~(UMAP_SIZE(page.level) - 1);
	int err;

	page.prot = region->prot;
	err = umap_set(aspace->root, at, &page);
	if (err)
		return err;
	umap_flush_local(at, FRAME_SIZE);
	mirror_protect(at, UMAP_SIZE(page.level), region->prot);
	return 0;
}

int pages_move(struct aspace *aspace, isle_uva_t from, isle_uva_t to, uint64_t size)
{
	isle_uva_t at = from, end = from + size;
	int err = boundaries_make(aspace, from, end);

	while (!err && (at = umap_next(aspace->root, at, end)) < end) {
		struct upage page = umap_get(aspace->root, at);
		isle_uva_t dest = to + (at - from);

		/* A large page can only stay one where its new address is as round. */
		if (page.level > 1 && (dest & (UMAP_SIZE(page.level) - 1))) {
			err = large_split(aspace, at, &page);
			continue;
		}
		err = umap_set(aspace->root, dest, &page);
		if (err)
			break;
		umap_clear(aspace->root, at);
		mirror_map(dest, page.hpa, UMAP_SIZE(page.level), page.prot);
		at += UMAP_SIZE(page.level);
	}
	pages_flush(aspace, from, size);
	mirror_unmap(from, size);
	return err;
}
