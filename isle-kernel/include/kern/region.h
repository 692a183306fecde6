/* SPDX-License-Identifier: MIT */
/*
 * region.h - what is mapped where in an address space: an ordered set of regions that never overlap.
 *
 * A region says what a page of it would hold; page tables say which pages are there. All functions
 * need the address space's lock.
 */
#ifndef KERN_REGION_H
#define KERN_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <isle/types.h>
#include <kern/policy.h>

/* What fills a region. */
enum region_kind {
	REGION_ANON,      /* zeroes */
	REGION_FILE,      /* a private mapping of a file: filled by ISLE_CALL_FILL, never written back */
	REGION_SHARED,    /* Linux's own pages, pinned (abi/isle/pin.h) */
};

/* Protection, as mmap has it. */
enum { REGION_READ = 1, REGION_WRITE = 2, REGION_EXEC = 4 };

#define REGION_F_STACK      (1u << 0)  /* grows no further than it was made; named [stack] */
#define REGION_F_HEAP       (1u << 1)  /* made by brk */
#define REGION_F_NORESERVE  (1u << 2)
#define REGION_F_VDSO       (1u << 3)
#define REGION_F_SHAREABLE  (1u << 4)  /* MAP_SHARED | MAP_ANONYMOUS */
#define REGION_F_LOCKED     (1u << 5)  /* populated when made */
#define REGION_F_NOHUGE     (1u << 6)  /* madvise(MADV_NOHUGEPAGE) */
#define REGION_F_SMALL_TOP  (1u << 8)  /* a stack: few use more than its end, so that is filled by small pages */
#define REGION_F_SHM        (1u << 9)  /* shared: a System V segment, its id in ino */
#define REGION_F_GROWS_DOWN (1u << 10) /* MAP_GROWSDOWN: touching what lies below makes it longer */
#define REGION_F_KERNEL     (1u << 11) /* the isle kernel's own memory, to be read: never written, moved or forgotten */
#define REGION_F_AT_ONCE    (1u << 12) /* file: a part of a program, read in few large pieces */
#define REGION_F_MAYWRITE   (1u << 7)  /* shared: the descriptor was open for writing */

struct region {
	isle_uva_t start, end;    /* page-aligned, start < end */
	uint32_t   prot;
	uint32_t   flags;
	enum region_kind kind;

	/* REGION_FILE and REGION_SHARED */
	int32_t    file;          /* handle of ISLE_CALL_KEEP, counted by file_ref */
	uint64_t   file_off;      /* of start */
	uint64_t   file_size;     /* when it was mapped: pages behind it give SIGBUS */
	uint64_t   dev, ino;      /* for /proc/self/maps and merging */
	struct policy policy;     /* POLICY_DEFAULT: the thread's that touches it */
	const char *name;         /* for /proc/self/maps, kmalloc'ed and counted with the file; may be NULL */
};

struct region_set {
	struct region **sorted;   /* by start */
	size_t     nr;
	size_t     room;
	uint64_t   bytes;         /* sum of lengths */
	size_t     last;          /* where region_find found the last one: a guess */
	/*
	 * Called for each region that comes into being by a copy, and for each that goes: counts
	 * file handles.
	 */
	void (*hold)(struct region *region);
	void (*drop)(struct region *region);
};

void region_set_init(struct region_set *set, void (*hold)(struct region *), void (*drop)(struct region *));
/* Removes all regions and frees the set's memory. */
void region_set_fini(struct region_set *set);

/* The region that holds addr, or NULL. */
struct region *region_find(struct region_set *set, isle_uva_t addr);
/* The first region that ends behind addr (it may begin behind it), or NULL. */
struct region *region_find_from(const struct region_set *set, isle_uva_t addr);
/* The region after this one, or NULL. */
struct region *region_next(const struct region_set *set, const struct region *region);
/* True if no region touches [start, end). */
bool region_range_free(const struct region_set *set, isle_uva_t start, isle_uva_t end);
/* True if [start, end) is covered without a gap. */
bool region_range_full(const struct region_set *set, isle_uva_t start, isle_uva_t end);

/*
 * Adds a copy of *model; its range must be free. Merges with neighbours that continue it. The set
 * takes over the model's hold on its file. Returns the region that now holds the range, or NULL for
 * want of memory (then nothing changed).
 */
struct region *region_insert(struct region_set *set, const struct region *model);
/* Makes addr a boundary: splits the region around it. 0, or -ENOMEM. */
int region_split(struct region_set *set, isle_uva_t addr);
/*
 * Both ends. Afterwards region_remove and region_protect of the range cannot fail. 0, or -ENOMEM (nothing changed);
 * region_merge undoes it.
 */
int region_split_ends(struct region_set *set, isle_uva_t start, isle_uva_t end);
/* Takes [start, end) out, splitting at its ends. 0, or -ENOMEM (nothing changed). */
int region_remove(struct region_set *set, isle_uva_t start, isle_uva_t end);
/* Sets protection on [start, end), which must be full. 0, or -ENOMEM. */
int region_protect(struct region_set *set, isle_uva_t start, isle_uva_t end, uint32_t prot);
/* Moves the beginning of a region down; what lies between must be free. */
void region_grow_down(struct region_set *set, struct region *region, isle_uva_t start);
/* Sets and clears flags on [start, end), as far as there are regions. 0, or -ENOMEM. */
int region_flag(struct region_set *set, isle_uva_t start, isle_uva_t end, uint32_t on, uint32_t off);
/* Joins neighbours around [start, end) that continue each other. */
void region_merge(struct region_set *set, isle_uva_t start, isle_uva_t end);

/*
 * Highest hole of size bytes below top and not below bottom whose start is a multiple of align; 0
 * if there is none.
 */
isle_uva_t region_hole(const struct region_set *set, uint64_t size, uint64_t align, isle_uva_t bottom, isle_uva_t top);

#endif
