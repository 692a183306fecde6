// SPDX-License-Identifier: MIT
/*
 * frame.c - physical memory in frames, granules and runs of 1 GiB.
 *
 * Granules come from granule.c. One that is handed out in frames has a split: a bitmap of its
 * frames, in a list of its pool while frames are free. Frames are taken first fit, so the low ones
 * of few granules are used again. Zeroing is done without a lock. Each pool (node) has one lock,
 * and a caller holds one at a time.
 */
#include <kern/frame.h>

#include "granule_priv.h"

#include <arch/mmu.h>
#include <kern/cpu.h>
#include <kern/errno.h>
#include <kern/extent.h>
#include <kern/panic.h>
#include <kern/string.h>

#define POISON  0x5a

static bool poison;

static isle_hpa_t frame_hpa(uint32_t granule, uint32_t frame)
{
	return ipa_to_hpa(granule * ISLE_GRANULE_SIZE) + frame * FRAME_SIZE;
}

void frame_init(uint8_t *granules, const struct isle_boot *page, bool want_poison)
{
	poison = want_poison;
	granule_init(granules, page);
}

static void split_list(struct pool *pool, struct split *split)
{
	struct split **head = &pool->splits[split->owner];

	split->prev = NULL;
	split->next = *head;
	if (*head)
		(*head)->prev = split;
	*head = split;
	split->listed = 1;
}

static void split_unlist(struct pool *pool, struct split *split)
{
	if (split->prev)
		split->prev->next = split->next;
	else
		pool->splits[split->owner] = split->next;
	if (split->next)
		split->next->prev = split->prev;
	split->listed = 0;
}

/* The bits of [at, at + nr) that lie in at's word; *part: how many they are. */
static inline uint64_t word_part(uint32_t at, uint32_t nr, uint32_t *part)
{
	uint32_t left = 64 - at % 64;

	*part = nr < left ? nr : left;
	return ~0ull >> (64 - *part) << (at % 64);
}

static bool bits_are_set(const uint64_t *bits, uint32_t at, uint32_t nr)
{
	uint32_t part;

	for (; nr; nr -= part, at += part)
		if (~bits[at / 64] & word_part(at, nr, &part))
			return false;
	return true;
}

static inline void bits_set(uint64_t *bits, uint32_t at, uint32_t nr, bool set)
{
	uint32_t part;

	for (; nr; nr -= part, at += part) {
		uint64_t mask = word_part(at, nr, &part);

		bits[at / 64] = set ? bits[at / 64] | mask : bits[at / 64] & ~mask;
	}
}

/* The same for more than one. Bits are taken run by run, free and used in turn; a run may go on in the next word. */
static uint32_t run_find(const struct split *split, uint32_t nr)
{
	uint32_t at = 0, free = 0;

	while (at < FRAMES_GRANULE) {
		uint64_t word = split->used[at / 64] >> (at % 64);
		uint32_t left = 64 - at % 64;
		uint32_t zeroes = word ? (uint32_t)__builtin_ctzll(word) : left;

		free += zeroes;
		at += zeroes;
		if (free >= nr)
			return at - free;
		if (zeroes == left)
			continue;
		word = ~(word >> zeroes);
		at += word ? (uint32_t)__builtin_ctzll(word) : 64;
		free = 0;
	}
	return FRAMES_GRANULE;
}

/* First of nr free frames in a row, or FRAMES_GRANULE. */
static uint32_t split_find(const struct split *split, uint32_t nr)
{
	uint32_t word;

	if (nr > 1)
		return run_find(split, nr);
	for (word = 0; word < FRAMES_GRANULE / 64; word++)
		if (~split->used[word])
			return word * 64 + (uint32_t)__builtin_ctzll(~split->used[word]);
	return FRAMES_GRANULE;
}

static void pool_count(struct pool *pool, uint32_t owner, int64_t nr)
{
	uint64_t *mine = owner == OF_USER ? &pool->stats.user : &pool->stats.kernel;

	*mine += (uint64_t)nr;
	pool->stats.free -= (uint64_t)nr;
}

/* Frames out of a split that has them. *clean: they are known to be zero. */
static isle_hpa_t split_take(struct pool *pool, struct split *split, uint32_t at, uint32_t nr,
			     bool *clean)
{
	*clean = at >= split->clean_from;
	if (split->clean_from < at + nr)
		split->clean_from = (uint16_t)(at + nr);
	bits_set(split->used, at, nr, true);
	split->nr_used = (uint16_t)(split->nr_used + nr);
	if (split->nr_used == FRAMES_GRANULE)
		split_unlist(pool, split);
	pool_count(pool, split->owner, nr);
	return split->hpa + at * FRAME_SIZE;
}

/* Cuts a new granule; the pool's lock is dropped while it is zeroed for the program. */
static struct split *split_new(struct pool *pool, uint32_t owner)
{
	struct split *split = split_make(pool);
	enum granule_past past;

	if (!split)
		return NULL;
	split->granule = granule_take(pool, owner, &past);
	if (split->granule == GRANULE_NONE) {
		split_free(split);
		return NULL;
	}
	split->owner = (uint8_t)owner;
	split->hpa = frame_hpa(split->granule, 0);
	split->clean_from = past == GRANULE_ZERO ? 0 : FRAMES_GRANULE;
	if (past == GRANULE_UNKNOWN && owner == OF_USER) {
		spin_unlock(&pool->lock);
		page_zero(hpa_to_va(frame_hpa(split->granule, 0)), ISLE_GRANULE_SIZE);
		spin_lock(&pool->lock);
		split->clean_from = 0;
	}
	if (past != GRANULE_USED)
		granule_mark(split->granule, 1, owner);
	granule_set_split(split->granule, split);
	split_list(pool, split);
	return split;
}

static isle_hpa_t frames_take(struct pool *pool, uint32_t nr, uint32_t owner, bool *clean)
{
	isle_hpa_t hpa = FRAME_NONE;
	struct split *split;
	uint32_t at = FRAMES_GRANULE;

	spin_lock(&pool->lock);
	for (split = pool->splits[owner]; split; split = split->next) {
		at = split_find(split, nr);
		if (at < FRAMES_GRANULE)
			break;
	}
	if (!split) {
		split = split_new(pool, owner);
		at = 0;
	}
	if (split)
		hpa = split_take(pool, split, at, nr, clean);
	spin_unlock(&pool->lock);
	return hpa;
}

/* A granule or a run of 1 GiB. The program's is zeroed here, before it is marked as such. */
static isle_hpa_t large_take(struct pool *pool, uint32_t nr, uint32_t owner, bool *clean)
{
	uint32_t granule;
	enum granule_past past;
	isle_hpa_t hpa;

	spin_lock(&pool->lock);
	granule = nr == FRAMES_GIB ? granule_take_gib(pool, owner, &past) :
		  granule_take(pool, owner, &past);
	if (granule != GRANULE_NONE)
		pool_count(pool, owner, nr);
	spin_unlock(&pool->lock);
	if (granule == GRANULE_NONE)
		return FRAME_NONE;
	hpa = frame_hpa(granule, 0);
	*clean = owner == OF_USER || past == GRANULE_ZERO;
	if (*clean && past != GRANULE_ZERO)
		page_zero(hpa_to_va(hpa), nr * FRAME_SIZE);
	if (past != GRANULE_USED)
		granule_mark(granule, nr / FRAMES_GRANULE, owner);
	return hpa;
}

static isle_hpa_t pool_take(struct pool *pool, uint32_t nr, uint32_t flags)
{
	uint32_t owner = flags & FRAME_USER ? OF_USER : OF_KERNEL;
	bool clean = false;
	isle_hpa_t hpa;

	if (!pool->stats.frames)
		return FRAME_NONE;
	hpa = nr < FRAMES_GRANULE ? frames_take(pool, nr, owner, &clean) :
	      large_take(pool, nr, owner, &clean);
	if (hpa == FRAME_NONE)
		return hpa;
	if (!clean && (flags & (FRAME_USER | FRAME_ZERO)))
		page_zero(hpa_to_va(hpa), nr * FRAME_SIZE);
	counter_add(FRAMES_ALLOCATED, (uint64_t)nr);
	return hpa;
}

isle_hpa_t frame_alloc(uint32_t nr, uint32_t node, uint32_t flags)
{
	uint32_t i;
	isle_hpa_t hpa;

	kassert(nr && (nr <= FRAMES_GRANULE || nr == FRAMES_GIB) && node < ISLE_MAX_NODES);
	hpa = pool_take(&pools[node], nr, flags);
	if (flags & FRAME_THIS_NODE)
		return hpa;
	for (i = 1; hpa == FRAME_NONE && i < ISLE_MAX_NODES; i++)
		hpa = pool_take(&pools[(node + i) % ISLE_MAX_NODES], nr, flags);
	return hpa;
}

/* Frames back into their split; a split that is all free becomes a free granule again. */
static void split_give(struct pool *pool, uint32_t granule, uint32_t at, uint32_t nr)
{
	struct split *split = granule_split_of(granule);

	if (at + nr > FRAMES_GRANULE || !bits_are_set(split->used, at, nr))
		panic("frame: %u frames freed at %#lx are not in use", nr,
		      (unsigned long)frame_hpa(granule, at));
	if (poison && split->owner == OF_KERNEL)
		memset(hpa_to_va(frame_hpa(granule, at)), POISON, nr * FRAME_SIZE);
	bits_set(split->used, at, nr, false);
	split->nr_used = (uint16_t)(split->nr_used - nr);
	pool_count(pool, split->owner, -(int64_t)nr);
	if (!split->nr_used) {
		uint32_t owner = split->owner;

		if (split->listed)
			split_unlist(pool, split);
		granule_give(pool, granule, owner);
		split_free(split);
	} else if (!split->listed) {
		split_list(pool, split);
	}
}

/*
 * Freeing what is not handed out as it says is a bug that would corrupt memory later: panic at
 * once.
 */
static void large_give(struct pool *pool, uint32_t granule, uint32_t nr)
{
	enum granule_state want = nr == FRAMES_GIB ? GRANULE_GIB : GRANULE_WHOLE;
	uint32_t owner = granule_owner(granule);

	if (granule_state(granule) != want)
		panic("frame: %u frames freed at granule %u are not in use", nr, granule);
	if (poison && owner == OF_KERNEL)
		memset(hpa_to_va(frame_hpa(granule, 0)), POISON, nr * FRAME_SIZE);
	pool_count(pool, owner, -(int64_t)nr);
	if (nr == FRAMES_GIB)
		granule_give_gib(pool, granule, owner);
	else
		granule_give(pool, granule, owner);
}

/* Number of the granule that holds hpa; *pool gets its pool. */
static uint32_t granule_at(isle_hpa_t hpa, struct pool **pool)
{
	uint32_t extent = extent_of_hpa(hpa);

	if (extent == extents.nr || hpa % FRAME_SIZE)
		panic("frame: %#lx is no frame of this isle", (unsigned long)hpa);
	*pool = &pools[extents.list[extent].node];
	return (uint32_t)(hpa_to_ipa(hpa) / ISLE_GRANULE_SIZE);
}

void frame_free(isle_hpa_t hpa, uint32_t nr)
{
	struct pool *pool;
	uint32_t granule = granule_at(hpa, &pool);
	uint32_t at = hpa % ISLE_GRANULE_SIZE / FRAME_SIZE;

	kassert(nr && (nr <= FRAMES_GRANULE || nr == FRAMES_GIB));
	kassert(nr < FRAMES_GRANULE || at == 0);
	spin_lock(&pool->lock);
	if (granule_state(granule) == GRANULE_SPLIT && nr <= FRAMES_GRANULE)
		split_give(pool, granule, at, nr);
	else if (nr >= FRAMES_GRANULE)
		large_give(pool, granule, nr);
	else
		panic("frame: %u frames freed at %#lx are not in use", nr, (unsigned long)hpa);
	spin_unlock(&pool->lock);
	counter_add(FRAMES_FREED, (uint64_t)nr);
}

/* All frames of a whole granule, in use. */
static int granule_split(struct pool *pool, uint32_t granule)
{
	struct split *split = split_make(pool);

	if (!split)
		return -ENOMEM;
	split->owner = (uint8_t)granule_owner(granule);
	split->granule = granule;
	split->hpa = frame_hpa(granule, 0);
	split->nr_used = FRAMES_GRANULE;
	split->clean_from = FRAMES_GRANULE;
	memset(split->used, 0xff, sizeof(split->used));
	granule_set_split(granule, split);
	return 0;
}

/* The first granule's record changes last: for want of memory everything stays as it was. */
static int gib_split(uint32_t first)
{
	uint32_t owner = granule_owner(first), i;

	for (i = FRAMES_GIB / FRAMES_GRANULE; i-- > 1; )
		if (granule_set(first + i, GRANULE_WHOLE, owner))
			return -ENOMEM;
	return granule_set(first, GRANULE_WHOLE, owner);
}

int frame_split(isle_hpa_t hpa, uint32_t nr)
{
	struct pool *pool;
	uint32_t granule = granule_at(hpa, &pool);
	int err = 0;

	spin_lock(&pool->lock);
	if (nr == FRAMES_GRANULE && granule_state(granule) == GRANULE_SPLIT &&
	    granule_split_of(granule)->nr_used == FRAMES_GRANULE)
		goto out;   /* by someone who then had no memory for page tables, and comes again */
	if (granule_state(granule) != (nr == FRAMES_GIB ? GRANULE_GIB : GRANULE_WHOLE))
		panic("frame: %#lx cannot be split: it is not %u frames", (unsigned long)hpa, nr);
	err = nr == FRAMES_GIB ? gib_split(granule) : granule_split(pool, granule);
out:
	spin_unlock(&pool->lock);
	return err;
}

struct frame_stats frame_stats(uint32_t node)
{
	struct frame_stats sum = { 0, 0, 0, 0 };
	uint32_t i;

	for (i = 0; i < pools_end; i++) {
		struct pool *pool = &pools[i];

		if (!pool->stats.frames || (node < ISLE_MAX_NODES && node != i))
			continue;
		spin_lock(&pool->lock);
		sum.frames += pool->stats.frames;
		sum.free += pool->stats.free;
		sum.kernel += pool->stats.kernel;
		sum.user += pool->stats.user;
		spin_unlock(&pool->lock);
	}
	return sum;
}
