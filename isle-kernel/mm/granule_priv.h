/* SPDX-License-Identifier: MIT */
/*
 * granule_priv.h - memory by the granule: the lower half of the frame allocator (frame.c), under
 * its locks.
 */
#ifndef MM_GRANULE_PRIV_H
#define MM_GRANULE_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/boot.h>
#include <kern/frame.h>
#include <kern/lock.h>

/* Number of a granule: its ipa / ISLE_GRANULE_SIZE. */
#define GRANULE_NONE  (~0u)

/* Whose: index of lists that are kept apart. */
enum { OF_KERNEL, OF_USER, NR_OWNERS };

/*
 * A granule that is handed out in frames. Out of line: the program can write to its own granules.
 */
struct split {
	uint64_t used[FRAMES_GRANULE / 64];  /* bit set: handed out */
	struct split *next, *prev;           /* in its pool's list, while it has free frames */
	uint32_t granule;
	uint16_t nr_used;
	uint16_t clean_from;                 /* frames from here on are zero */
	uint8_t  owner;
	uint8_t  listed;
	uint8_t  reserved[30];
	isle_hpa_t hpa;                      /* of its first frame */
};

/* The memory of one node. */
struct pool {
	struct spinlock lock __attribute__((aligned(64)));
	uint32_t fresh;                      /* first extent of the node, chained by fresh[].next */
	uint32_t granules[NR_OWNERS];        /* free ones, chained by their records */
	uint32_t gibs[NR_OWNERS];            /* likewise: first granule of each */
	struct split *splits[NR_OWNERS];     /* those with free frames */
	struct frame_stats stats;
};

extern struct pool pools[ISLE_MAX_NODES];
/* Nodes from here on have no memory. */
extern uint32_t pools_end;

/* What is known of a granule, in one word; see granule.c. */
enum granule_state {
	GRANULE_FRESH = 0,      /* never handed out, or inside a run of 1 GiB */
	GRANULE_WHOLE = 1,      /* handed out whole */
	GRANULE_SPLIT = 2,      /* handed out in frames */
	GRANULE_FREE = 3,       /* in its owner's list */
	GRANULE_GIB = 4,        /* first of a run of 1 GiB that is handed out */
	GRANULE_GIB_FREE = 5,   /* the same, in its owner's list */
};

/* What an owner gets. */
enum granule_past {
	GRANULE_USED,           /* it was the owner's before */
	GRANULE_UNKNOWN,        /* it was not: granule_mark must follow, for the program after zeroing */
	GRANULE_ZERO,           /* likewise, and it is zero: ISLE_BOOT_F_ZEROED */
};

void granule_init(uint8_t *table, const struct isle_boot *page);

enum granule_state granule_state(uint32_t granule);
uint32_t granule_owner(uint32_t granule);
struct split *granule_split_of(uint32_t granule);

/*
 * Sets the record. 0, or -ENOMEM if there is no room for it (only for a granule that never had
 * one).
 */
int granule_set(uint32_t granule, enum granule_state state, uint32_t owner);
void granule_set_split(uint32_t granule, struct split *split);

/*
 * Takes a granule, or a run of 1 GiB, for an owner; its state is then WHOLE or GIB. GRANULE_NONE if
 * the pool has none.
 */
uint32_t granule_take(struct pool *pool, uint32_t owner, enum granule_past *past);
uint32_t granule_take_gib(struct pool *pool, uint32_t owner, enum granule_past *past);

/* Gives back what was taken. */
void granule_give(struct pool *pool, uint32_t granule, uint32_t owner);
void granule_give_gib(struct pool *pool, uint32_t granule, uint32_t owner);

/* Tells the loader whose granules these are; the program's are zeroed by now. */
void granule_mark(uint32_t granule, uint32_t nr, uint32_t owner);

/*
 * Memory for a split; NULL if there is none. Not from any pool's lists, so it needs no granule to
 * be there.
 */
struct split *split_make(struct pool *pool);
void split_free(struct split *split);

#endif
