// SPDX-License-Identifier: MIT
/*
 * granule.c - whole granules of a node: fresh ones taken from the extents, free ones in lists.
 *
 * Nothing is walked at boot. Fresh memory is what lies between two marks of an extent: granules are
 * taken from below, runs of 1 GiB from above, where they are aligned. Each granule has a record of
 * 8 bytes, in pages that are made when the first granule of their GiB is handed out. Records and
 * splits live in metadata pages: early pages first, then granules taken for the purpose.
 */
#include "granule_priv.h"

#include <arch/mmu.h>
#include <kern/boot.h>
#include <kern/errno.h>
#include <kern/extent.h>
#include <kern/panic.h>
#include <kern/string.h>

_Static_assert(sizeof(struct split) == 128, "splits fill their pages");

#define GIB                (1ull << 30)
#define GRANULES_GIB       512u
#define RECORDS_PAGE       512u
#define STATE_MASK         7u
#define OWNER_SHIFT        3
#define NEXT_SHIFT         8

/*
 * What no one has had yet of an extent: [low, high) and, above runs of 1 GiB, [tail_low,
 * tail_high).
 */
struct fresh {
	isle_ipa_t low, high;
	isle_ipa_t tail_low, tail_high;
	uint32_t   next;           /* of the same node */
};

struct pool pools[ISLE_MAX_NODES];
uint32_t pools_end;

static struct fresh fresh[ISLE_MAX_EXTENTS];
static enum granule_past fresh_past;   /* what the loader says of fresh memory */
static uint8_t *table;

/*
 * Records by granule: state in bits 0-2, owner in bit 3, next free granule from bit 8 on; or a
 * split's address.
 */
static uint64_t **records;
static uint32_t nr_records;        /* pages of them */

/* Metadata; its own lock, taken under a pool's. */
static struct {
	struct spinlock lock;
	uint8_t *page, *pages_end;   /* of the granule in use */
	struct split *free;
	uint8_t *split_page;         /* being cut into splits */
	uint32_t split_next;
} meta = { .lock = SPINLOCK_INIT };

static uint8_t *granule_va(uint32_t granule)
{
	return hpa_to_va(ipa_to_hpa(granule * ISLE_GRANULE_SIZE));
}

/* The next fresh granule of a pool, without a record. */
static uint32_t fresh_take(struct pool *pool)
{
	isle_ipa_t ipa;

	for (; pool->fresh != GRANULE_NONE; pool->fresh = fresh[pool->fresh].next) {
		struct fresh *f = &fresh[pool->fresh];

		if (f->low < f->high) {
			ipa = f->low;
			f->low += ISLE_GRANULE_SIZE;
		} else if (f->tail_low < f->tail_high) {
			ipa = f->tail_low;
			f->tail_low += ISLE_GRANULE_SIZE;
		} else {
			continue;
		}
		return (uint32_t)(ipa / ISLE_GRANULE_SIZE);
	}
	return GRANULE_NONE;
}

/* A run of 1 GiB from the upper end of fresh memory, aligned in hpa. */
static uint32_t fresh_take_gib(struct pool *pool)
{
	uint32_t i;

	for (i = pool->fresh; i != GRANULE_NONE; i = fresh[i].next) {
		struct fresh *f = &fresh[i];
		uint64_t to_hpa = extents.list[i].hpa - extents.list[i].ipa;
		isle_ipa_t end = ((f->high + to_hpa) & ~(GIB - 1)) - to_hpa;

		/*
		 * The part above can be set aside once; later runs end where the last one begins.
		 */
		if (end < f->low + GIB || end > f->high ||
		    (end != f->high && f->tail_low != f->tail_high))
			continue;
		if (end != f->high) {
			f->tail_low = end;
			f->tail_high = f->high;
		}
		f->high = end - GIB;
		return (uint32_t)(f->high / ISLE_GRANULE_SIZE);
	}
	return GRANULE_NONE;
}

/*
 * A zeroed page for metadata. Out of early pages: takes a granule of the pool, whose record is set
 * by the caller.
 */
static uint8_t *meta_page(struct pool *pool, uint32_t *new_granule)
{
	uint8_t *page = early_alloc(1);

	if (page)
		return page;
	if (meta.page == meta.pages_end) {
		uint32_t granule = fresh_take(pool);

		if (granule == GRANULE_NONE)
			return NULL;
		*new_granule = granule;
		meta.page = granule_va(granule);
		meta.pages_end = meta.page + ISLE_GRANULE_SIZE;
		pool->stats.kernel += FRAMES_GRANULE;
		pool->stats.free -= FRAMES_GRANULE;
		granule_mark(granule, 1, OF_KERNEL);
	}
	page = meta.page;
	meta.page += FRAME_SIZE;
	page_zero(page, FRAME_SIZE);
	return page;
}

/* The record; its page is made if need be. NULL for want of memory. */
static uint64_t *record_make(struct pool *pool, uint32_t granule)
{
	uint32_t at = granule / RECORDS_PAGE;

	if (!records[at]) {
		uint32_t taken = GRANULE_NONE;
		uint64_t *page = (uint64_t *)meta_page(pool, &taken);

		if (!page)
			return NULL;
		records[at] = page;
		/*
		 * A granule taken for metadata has a record too; at worst it needs the next page of
		 * that same granule.
		 */
		if (taken != GRANULE_NONE)
			*record_make(pool, taken) = GRANULE_WHOLE;
	}
	return &records[at][granule % RECORDS_PAGE];
}

static uint64_t record_of(uint32_t granule)
{
	if (granule / RECORDS_PAGE >= nr_records || !records[granule / RECORDS_PAGE])
		return GRANULE_FRESH;
	return records[granule / RECORDS_PAGE][granule % RECORDS_PAGE];
}

static struct pool *pool_of(uint32_t granule)
{
	return &pools[extents.list[extent_of_ipa(granule * ISLE_GRANULE_SIZE)].node];
}

enum granule_state granule_state(uint32_t granule)
{
	return record_of(granule) & STATE_MASK;
}

struct split *granule_split_of(uint32_t granule)
{
	return (struct split *)(uintptr_t)(record_of(granule) & ~(uint64_t)STATE_MASK);
}

uint32_t granule_owner(uint32_t granule)
{
	uint64_t record = record_of(granule);

	if ((record & STATE_MASK) == GRANULE_SPLIT)
		return granule_split_of(granule)->owner;
	return record >> OWNER_SHIFT & 1;
}

static int record_set(uint32_t granule, uint64_t value)
{
	uint64_t *record;

	spin_lock(&meta.lock);
	record = record_make(pool_of(granule), granule);
	if (record)
		*record = value;
	spin_unlock(&meta.lock);
	return record ? 0 : -ENOMEM;
}

int granule_set(uint32_t granule, enum granule_state state, uint32_t owner)
{
	return record_set(granule, state | (uint64_t)owner << OWNER_SHIFT);
}

void granule_set_split(uint32_t granule, struct split *split)
{
	record_set(granule, GRANULE_SPLIT | (uint64_t)(uintptr_t)split);
}

static void list_push(uint32_t *list, uint32_t granule, enum granule_state state, uint32_t owner)
{
	record_set(granule, state | (uint64_t)owner << OWNER_SHIFT | (uint64_t)*list << NEXT_SHIFT);
	*list = granule;
}

static uint32_t list_pop(uint32_t *list)
{
	uint32_t granule = *list;

	if (granule != GRANULE_NONE)
		*list = (uint32_t)(record_of(granule) >> NEXT_SHIFT);
	return granule;
}

/* Turns a free run of 1 GiB into free granules. */
static bool gib_break(struct pool *pool, uint32_t owner)
{
	uint32_t first = list_pop(&pool->gibs[owner]), i;

	if (first == GRANULE_NONE)
		return false;
	for (i = GRANULES_GIB; i--; )
		list_push(&pool->granules[owner], first + i, GRANULE_FREE, owner);
	return true;
}

uint32_t granule_take(struct pool *pool, uint32_t owner, enum granule_past *past)
{
	uint32_t granule = list_pop(&pool->granules[owner]);

	*past = GRANULE_USED;
	if (granule == GRANULE_NONE) {
		granule = fresh_take(pool);
		*past = granule == GRANULE_NONE ? GRANULE_USED : fresh_past;
	}
	if (granule == GRANULE_NONE && gib_break(pool, owner))
		granule = list_pop(&pool->granules[owner]);
	/* What was the kernel's may become the program's, not the other way. */
	if (granule == GRANULE_NONE && owner == OF_USER &&
	    (pool->granules[OF_KERNEL] != GRANULE_NONE || gib_break(pool, OF_KERNEL))) {
		granule = list_pop(&pool->granules[OF_KERNEL]);
		*past = GRANULE_UNKNOWN;
	}
	if (granule == GRANULE_NONE)
		return granule;
	/* Without room for its record a fresh granule cannot be used: memory is out by then. */
	return granule_set(granule, GRANULE_WHOLE, owner) ? GRANULE_NONE : granule;
}

uint32_t granule_take_gib(struct pool *pool, uint32_t owner, enum granule_past *past)
{
	uint32_t first = list_pop(&pool->gibs[owner]);

	*past = GRANULE_USED;
	if (first == GRANULE_NONE) {
		first = fresh_take_gib(pool);
		*past = fresh_past;
	}
	if (first == GRANULE_NONE)
		return GRANULE_NONE;
	/* Records of the whole run must have room now: breaking it up later may not fail. */
	if (*past != GRANULE_USED && granule_set(first + GRANULES_GIB - 1, GRANULE_FRESH, owner))
		return GRANULE_NONE;
	return granule_set(first, GRANULE_GIB, owner) ? GRANULE_NONE : first;
}

void granule_give(struct pool *pool, uint32_t granule, uint32_t owner)
{
	list_push(&pool->granules[owner], granule, GRANULE_FREE, owner);
}

void granule_give_gib(struct pool *pool, uint32_t granule, uint32_t owner)
{
	list_push(&pool->gibs[owner], granule, GRANULE_GIB_FREE, owner);
}

void granule_mark(uint32_t granule, uint32_t nr, uint32_t owner)
{
	uint8_t mark = owner == OF_USER ? ISLE_GRANULE_USER : ISLE_GRANULE_KERNEL;

	/* Release: the loader lets the program in when it sees USER; the zeroes are there. */
	for (; nr--; granule++)
		__atomic_store_n(&table[granule], mark, __ATOMIC_RELEASE);
}

struct split *split_make(struct pool *pool)
{
	uint32_t taken = GRANULE_NONE;
	struct split *split;

	spin_lock(&meta.lock);
	split = meta.free;
	if (split) {
		meta.free = split->next;
	} else {
		if (!meta.split_page || meta.split_next == FRAME_SIZE / sizeof(*split)) {
			meta.split_page = meta_page(pool, &taken);
			meta.split_next = 0;
			if (taken != GRANULE_NONE)
				*record_make(pool, taken) = GRANULE_WHOLE;
		}
		if (meta.split_page)
			split = (struct split *)meta.split_page + meta.split_next++;
	}
	if (split)
		memset(split, 0, sizeof(*split));
	spin_unlock(&meta.lock);
	return split;
}

void split_free(struct split *split)
{
	spin_lock(&meta.lock);
	split->next = meta.free;
	meta.free = split;
	spin_unlock(&meta.lock);
}

/* The extents' fresh parts, in the order of the table, chained by node. */
static void fresh_init(uint64_t taken)
{
	uint32_t i;

	/* New memory is zero; only tests begin more than once. */
	if (pools_end)
		memset(pools, 0, sizeof(pools));
	for (pools_end = i = 0; i < extents.nr; i++)
		if (pools_end <= extents.list[i].node)
			pools_end = extents.list[i].node + 1;
	for (i = 0; i < pools_end; i++) {
		struct pool *pool = &pools[i];

		pool->fresh = GRANULE_NONE;
		pool->granules[OF_KERNEL] = pool->granules[OF_USER] = GRANULE_NONE;
		pool->gibs[OF_KERNEL] = pool->gibs[OF_USER] = GRANULE_NONE;
	}
	for (i = extents.nr; i--; ) {
		const struct isle_extent *e = &extents.list[i];
		struct pool *pool = &pools[e->node];

		fresh[i] = (struct fresh){
			.low = i ? e->ipa : taken, .high = e->ipa + e->size, .next = pool->fresh,
		};
		pool->fresh = i;
		pool->stats.frames += e->size / FRAME_SIZE;
		pool->stats.free += (fresh[i].high - fresh[i].low) / FRAME_SIZE;
	}
	pools[extents.list[0].node].stats.kernel += taken / FRAME_SIZE;
}

void granule_init(uint8_t *granules, const struct isle_boot *page)
{
	uint64_t taken = page->window_ipa + page->window_size, size;

	table = granules;
	memset(&meta, 0, sizeof(meta));
	nr_records = (uint32_t)(extents.size / (RECORDS_PAGE * ISLE_GRANULE_SIZE)) + 1;
	size = nr_records * sizeof(*records);
	records = early_alloc((uint32_t)((size + FRAME_SIZE - 1) / FRAME_SIZE));
	if (!records)
		panic("frame: the early area is too small for %u tables of granules", nr_records);
	fresh_past = page->flags & ISLE_BOOT_F_ZEROED ? GRANULE_ZERO : GRANULE_UNKNOWN;
	fresh_init(taken);
	granule_mark(0, (uint32_t)(page->private_size / ISLE_GRANULE_SIZE), OF_KERNEL);
	memset(table + page->window_ipa / ISLE_GRANULE_SIZE, ISLE_GRANULE_WINDOW,
	       page->window_size / ISLE_GRANULE_SIZE);
}
