/* SPDX-License-Identifier: MIT */
/*
 * umap.h - page tables of a program. The address space's lock guards all of it.
 *
 * Levels: 1 is 4 KiB, 2 is 2 MiB, 3 is 1 GiB. A page with no rights at all keeps its place in the
 * table but is not present.
 */
#ifndef ARCH_UMAP_H
#define ARCH_UMAP_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/types.h>

/* The first entry of the top table that is the same in all tables: the kernel's half, and one entry for ring3.c. */
#define UMAP_SHARED       255ull

#define UMAP_SIZE(level)  (0x1000ull << (9 * ((level) - 1)))

struct upage {
	isle_hpa_t hpa;
	uint32_t level;     /* 0: nothing there */
	uint32_t prot;      /* REGION_READ | WRITE | EXEC */
	bool     foreign;   /* Linux's page: not a frame of ours */
};

/* Empty tables that share the kernel's part; 0 for want of memory. */
uint64_t umap_create(void);
/* Frees the tables, not what they map. */
void umap_destroy(uint64_t root);
/* CR3. 0: the kernel's own. */
void umap_activate(uint64_t root);
uint64_t umap_active(void);

/* Maps one page. 0 or -ENOMEM. What was there must be nothing, or a page of the same level. */
int umap_set(uint64_t root, isle_uva_t uva, const struct upage *page);
/* Whether a large page begins before uva and goes on behind it. */
bool umap_inside(uint64_t root, isle_uva_t uva);
/* What is at uva. */
struct upage umap_get(uint64_t root, isle_uva_t uva);
/*
 * The place of a small page in the last table, if there is that table and nothing in this place; else
 * NULL. Valid until the address space's lock is given back; umap_fill maps a page of level 1 there.
 */
uint64_t *umap_vacant(uint64_t root, isle_uva_t uva);
void umap_fill(uint64_t *place, const struct upage *page);
/* How many small pages from uva on have nothing, counted no further than max and the end of uva's last table. */
uint32_t umap_room(uint64_t root, isle_uva_t uva, uint32_t max);
/* Maps nr small pages, contiguous in memory, where umap_room said so. 0 or -ENOMEM, then none is mapped. */
int umap_set_run(uint64_t root, isle_uva_t uva, const struct upage *page, uint32_t nr);
/* The first address >= uva that may have something, given that nothing is at uva: skips absent tables. */
isle_uva_t umap_skip(uint64_t root, isle_uva_t uva);
/* The first address in [uva, end) that has something; end if there is none. */
isle_uva_t umap_next(uint64_t root, isle_uva_t uva, isle_uva_t end);
/* Takes a page out. Returns what was there. */
struct upage umap_clear(uint64_t root, isle_uva_t uva);
/* Replaces the large page at uva by pages of the next lower level. 0 or -ENOMEM. */
int umap_split(uint64_t root, isle_uva_t uva);

/* Drops what this core remembers of [uva, uva + size). */
void umap_flush_local(isle_uva_t uva, uint64_t size);

#endif
