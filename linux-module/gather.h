/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_GATHER_H
#define ISLE_GATHER_H

#include <linux/list.h>
#include <linux/types.h>

/* Contiguous granules of one node that were taken from Linux. */
struct isle_gathered {
	struct list_head list;
	u64 hpa;
	u64 size;
	u32 node;
	u32 *owner;     /* one word a granule, for mem.c; 0 at first */
};

/* Whether Linux holds references on a page of the granule besides ours. */
bool isle_granule_is_used(u64 hpa);

#endif
