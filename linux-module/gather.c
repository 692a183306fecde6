// SPDX-License-Identifier: GPL-2.0
/*
 * gather.c - takes memory from a running Linux, and gives it back.
 *
 * First granules from the node's free lists: fast, and without effect on anybody. Each is one
 * compound page, whose head counts the references on all of it; so a granule is mapped, pinned
 * and freed as one. What is missing then comes from ranges whose pages are in use but can be
 * moved (alloc_contig_range): slow, and pages are counted one by one. Linux keeps a share.
 *
 * Everything here works on a list of the caller's and needs no lock.
 */
#include <linux/gfp.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmstat.h>

#include <isle/types.h>

#include "gather.h"
#include "mem.h"

#define GRANULE_ORDER  (ilog2(ISLE_GRANULE_SIZE) - PAGE_SHIFT)
#define GRANULE_PAGES  (1UL << GRANULE_ORDER)
/* Ranges tried in turn: each attempt has a price of its own, so large ones first. */
#define LARGE_GRANULES 32u
#define KEEP_MIN       (64ULL << 20)
#define KEEP_SHARE     32

struct gathering {
	u32 node;
	u64 want, nr;   /* granules */
	u64 *pfn;       /* [want] */
};

static u64 free_pages_of(struct pglist_data *pgdat)
{
	u64 sum = 0;
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++)
		sum += zone_page_state(&pgdat->node_zones[i], NR_FREE_PAGES);
	return sum;
}

void isle_mem_look(u32 node, struct isle_mem_node *m)
{
	struct pglist_data *pgdat = NODE_DATA(node);
	u64 managed = 0;
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++)
		managed += zone_managed_pages(&pgdat->node_zones[i]);
	m->managed = managed << PAGE_SHIFT;
	m->is_free = free_pages_of(pgdat) << PAGE_SHIFT;
	m->keep = max(KEEP_MIN, m->managed / KEEP_SHARE);
}

/* Whether Linux still has its share when nr granules more are taken. */
static bool may_take(const struct gathering *g, u32 nr)
{
	struct isle_mem_node m;

	isle_mem_look(g->node, &m);
	return m.is_free >= m.keep + nr * ISLE_GRANULE_SIZE;
}

static bool is_interrupted(void)
{
	cond_resched();
	return fatal_signal_pending(current);
}

static void gather_free(struct gathering *g)
{
	struct page *page;

	while (g->nr < g->want) {
		if (g->nr % 64 == 0 && (is_interrupted() || !may_take(g, 64)))
			break;
		page = alloc_pages_node(g->node, GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN |
					__GFP_NORETRY | __GFP_COMP, GRANULE_ORDER);
		if (!page)
			break;
		g->pfn[g->nr++] = page_to_pfn(page);
	}
	/* The last few, one by one. */
	while (g->nr < g->want && may_take(g, 1) && !is_interrupted()) {
		page = alloc_pages_node(g->node, GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN |
					__GFP_NORETRY | __GFP_COMP, GRANULE_ORDER);
		if (!page)
			break;
		g->pfn[g->nr++] = page_to_pfn(page);
	}
}

/* Online, of this zone, and nothing that cannot be moved for sure. */
static bool may_move(struct zone *zone, unsigned long start, unsigned long nr)
{
	unsigned long pfn;

	for (pfn = start; pfn < start + nr; pfn++) {
		struct page *page = pfn_to_online_page(pfn);

		if (!page || page_zone(page) != zone || PageReserved(page) || PageHuge(page))
			return false;
		if (PageCompound(page) && !PageLRU(compound_head(page)))
			return false;
		if (PageBuddy(page)) {
			/* Read without the zone's lock: a wrong order must not lead astray. */
			unsigned int order = READ_ONCE(page_private(page));

			if (order <= GRANULE_ORDER && IS_ALIGNED(pfn, 1UL << order))
				pfn += (1UL << order) - 1;
		}
	}
	return true;
}

static void gather_zone(struct gathering *g, struct zone *zone, u32 step)
{
	unsigned long nr = step * GRANULE_PAGES, pfn;
	u32 i;

	for (pfn = ALIGN(zone->zone_start_pfn, nr); pfn + nr <= zone_end_pfn(zone); pfn += nr) {
		if (g->want - g->nr < step || !may_take(g, step) || is_interrupted())
			return;
		if (!may_move(zone, pfn, nr))
			continue;
		if (alloc_contig_range(pfn, pfn + nr, ISLE_CONTIG_ARG, GFP_KERNEL | __GFP_NOWARN))
			continue;
		for (i = 0; i < step; i++)
			g->pfn[g->nr++] = pfn + i * GRANULE_PAGES;
	}
}

/* From the highest zone down; never the lowest, which devices with short addresses need. */
static void gather_movable(struct gathering *g)
{
	struct pglist_data *pgdat = NODE_DATA(g->node);
	int i;

	for (i = MAX_NR_ZONES - 1; i >= 0 && i != ZONE_DMA; i--) {
		struct zone *zone = &pgdat->node_zones[i];

		if (!zone_managed_pages(zone))
			continue;
		gather_zone(g, zone, LARGE_GRANULES);
		gather_zone(g, zone, 1);
	}
}

static int by_pfn(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static void free_granule(unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);
	unsigned long i;

	if (PageHead(page)) {
		__free_pages(page, GRANULE_ORDER);
		return;
	}
	/* Not free_contig_range(): it complains where Linux still uses a page. */
	for (i = 0; i < GRANULE_PAGES; i++)
		__free_page(page + i);
}

static void free_gathered(struct gathering *g)
{
	while (g->nr)
		free_granule(g->pfn[--g->nr]);
}

/* Sorted granules become extents. Those that cannot be noted go back. */
static int list_extents(struct gathering *g, struct list_head *taken, u64 *got)
{
	u64 i, n;

	pure_sort(g->pfn, g->nr, sizeof(*g->pfn), by_pfn);
	for (i = 0; i < g->nr; i += n) {
		struct isle_gathered *e = kzalloc(sizeof(*e), GFP_KERNEL);

		for (n = 1; i + n < g->nr && g->pfn[i + n] == g->pfn[i] + n * GRANULE_PAGES; n++)
			;
		if (e)
			e->owner = kvcalloc(n, sizeof(*e->owner), GFP_KERNEL);
		if (!e || !e->owner) {
			kfree(e);
			for (; i < g->nr; i++)
				free_granule(g->pfn[i]);
			return -ENOMEM;
		}
		e->hpa = PFN_PHYS(g->pfn[i]);
		e->size = n * ISLE_GRANULE_SIZE;
		e->node = g->node;
		list_add_tail(&e->list, taken);
		*got += e->size;
	}
	return 0;
}

int isle_mem_gather(u32 node, u64 size, struct list_head *taken, u64 *got)
{
	struct gathering g = { .node = node };
	struct isle_mem_node m;
	int err;

	*got = 0;
	isle_mem_look(node, &m);
	g.want = min(size, m.managed) / ISLE_GRANULE_SIZE;
	g.pfn = kvmalloc_array(g.want + 1, sizeof(*g.pfn), GFP_KERNEL);
	if (!g.pfn)
		return -ENOMEM;
	gather_free(&g);
	if (g.nr < g.want && !fatal_signal_pending(current))
		gather_movable(&g);
	if (fatal_signal_pending(current)) {
		free_gathered(&g);
		err = -EINTR;
	} else {
		err = list_extents(&g, taken, got);
	}
	kvfree(g.pfn);
	return err;
}

void isle_mem_free(struct list_head *taken)
{
	struct isle_gathered *e, *next;
	u64 off;

	list_for_each_entry_safe(e, next, taken, list) {
		for (off = 0; off < e->size; off += ISLE_GRANULE_SIZE) {
			free_granule(PHYS_PFN(e->hpa + off));
			cond_resched();
		}
		list_del(&e->list);
		kvfree(e->owner);
		kfree(e);
	}
}

bool isle_granule_is_used(u64 hpa)
{
	struct page *page = pfn_to_page(PHYS_PFN(hpa));
	unsigned long i;

	if (PageHead(page))
		return page_count(page) != 1;
	for (i = 0; i < GRANULE_PAGES; i++)
		if (page_count(page + i) != 1)
			return true;
	return false;
}
