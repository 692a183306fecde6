/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mem.h - the reserve's memory. Unless said otherwise the caller holds isle_reserve_lock.
 */
#ifndef ISLE_MEM_H
#define ISLE_MEM_H

#include <linux/list.h>
#include <linux/types.h>
#include <isle/ioctl.h>

#include "region.h"

void isle_mem_init(void);
/* Stops the retries. The reserve must have been released. */
void isle_mem_exit(void);

/* Free memory of a node, its size, and what RESERVE always leaves to Linux; bytes. No lock. */
struct isle_mem_node {
	u64 managed;
	u64 is_free;
	u64 keep;
};
void isle_mem_look(u32 node, struct isle_mem_node *m);

/*
 * Takes up to size bytes of a node from Linux, in granules, onto the list taken; *got says how
 * much. Returns 0 also if it is less; -EINTR the caller was killed; -ENOMEM no room for lists.
 * Sleeps. No lock needed.
 */
int isle_mem_gather(u32 node, u64 size, struct list_head *taken, u64 *got);
/* Gives such a list back to Linux. No lock needed. */
void isle_mem_free(struct list_head *taken);
/* Adds such a list to the reserve. Cannot fail. */
void isle_mem_commit(struct list_head *taken);
/* Gives all of the reserve to Linux. Returns bytes. No isle may exist. */
u64 isle_mem_release(void);

/*
 * Cuts memory for an isle out of the reserve: for each request (node, size) pieces go to out,
 * the request's largest first. Returns their number; -ENOMEM with a sentence; -E2BIG.
 */
int isle_mem_take(u32 isle_id, const struct isle_mem *want, u32 nr, struct isle_region *out,
		  u32 room, char *why);

/*
 * Returns an isle's pieces to the reserve. Granules that Linux still holds references on (direct
 * I/O in flight) stay out until it drops them; a worker looks again. Returns how many those are.
 */
u32 isle_mem_give_back(u32 isle_id, const struct isle_region *pieces, u32 nr);

/* Any lock, or none: numbers for INFO. */
void isle_mem_count(u64 *reserved, u64 *is_free);
/* Runs of granules with one owner. Copies up to room rows; returns how many there are. */
u32 isle_mem_list(struct isle_reserved_extent *rows, u32 room);

#endif
