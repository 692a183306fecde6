/* SPDX-License-Identifier: MIT */
/*
 * mm_priv.h - what the files of mm/ share and nobody else needs. All of it wants the address
 * space's lock.
 */
#ifndef MM_PRIV_H
#define MM_PRIV_H

#include <stdint.h>

#include <isle/types.h>

struct aspace;
struct region;

/* Counting holds of kept files (filemap.c). */
void file_hold(struct region *region);
void file_drop(struct region *region);

/* All cores forget [uva, uva + size). */
void pages_flush(struct aspace *aspace, isle_uva_t uva, uint64_t size);
/*
 * Takes the pages of [start, end) out of tables, cores and mirror; their frames go back.
 * Page-aligned. 0 or -ENOMEM.
 */
int pages_remove(struct aspace *aspace, isle_uva_t start, isle_uva_t end);
/* Gives present pages of [start, end) these rights. 0 or -ENOMEM. */
int pages_protect(struct aspace *aspace, isle_uva_t start, isle_uva_t end, uint32_t prot);
/* Gives the page at addr the rights of its region. */
int page_refresh(struct aspace *aspace, const struct region *region, isle_uva_t addr);
/* Takes all mappings out of [start, end). 0 or -ENOMEM. */
int range_clear(struct aspace *aspace, isle_uva_t start, isle_uva_t end);
/* Linux's pages of a shared mapping are out of all tables: the proxy may let go of them. */
void shared_release(isle_uva_t start, isle_uva_t end);
/* Takes Linux's pages out of tables and cores; the proxy keeps the mapping, they come back when touched. */
void shared_forget(struct aspace *aspace, isle_uva_t start, isle_uva_t end);
/* Makes the page at addr, which is absent, and some behind it present. 0; -EIO behind the end of the file; -ENOMEM. */
int shared_fill(struct aspace *aspace, const struct region *region, isle_uva_t addr);
/* mremap of [old, old + size), a part of one shared mapping, to new_size bytes at `to`. The address or -errno. */
int64_t shared_remap(struct aspace *aspace, isle_uva_t old, uint64_t size, isle_uva_t to, uint64_t new_size);
/* Moves present pages to another place, as mremap does. 0 or -ENOMEM. */
int pages_move(struct aspace *aspace, isle_uva_t from, isle_uva_t to, uint64_t size);

#endif
