/* SPDX-License-Identifier: MIT */
/*
 * frame.h - physical memory, handed out in frames of 4 KiB, granules of 2 MiB and runs of 1 GiB.
 *
 * A granule belongs to the kernel or to the program, never to both: the proxy can map the
 * program's. A granule that was once the program's stays so. The granule table of the boot page
 * tells the loader.
 */
#ifndef KERN_FRAME_H
#define KERN_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/boot.h>

#define FRAME_SIZE       ISLE_PAGE_SIZE
#define FRAMES_GRANULE   512u
#define FRAMES_GIB       (512u * 512u)
#define FRAME_NONE       (~0ull)

/* Whose memory it shall be, and how. */
#define FRAME_USER       (1u << 0)  /* the program's: always zeroed; else the kernel's */
#define FRAME_ZERO       (1u << 1)  /* zeroed */
#define FRAME_THIS_NODE  (1u << 2)  /* no other node */

struct frame_stats {
	uint64_t frames;         /* of 4 KiB, all of them */
	uint64_t free;           /* could still be handed out, to somebody */
	uint64_t kernel;         /* handed out to the kernel, private area and window included */
	uint64_t user;           /* handed out to the program */
};

/*
 * Takes over the memory of the extents behind the private area and the window. granules: the boot
 * page's table, one byte a granule. poison: fill freed kernel frames with a pattern.
 */
void frame_init(uint8_t *granules, const struct isle_boot *page, bool poison);

/*
 * Takes nr frames in one piece, aligned to their number if that is FRAMES_GRANULE or FRAMES_GIB; nr
 * is one of these two or less than FRAMES_GRANULE. From this node, or (unless FRAME_THIS_NODE) any
 * other. Returns FRAME_NONE if there is no such piece.
 */
isle_hpa_t frame_alloc(uint32_t nr, uint32_t node, uint32_t flags);

/*
 * Gives back what frame_alloc returned, or a part of a piece smaller than a granule. Freeing twice
 * is a panic.
 */
void frame_free(isle_hpa_t hpa, uint32_t nr);

/*
 * Turns a piece in use into smaller ones in use, which are freed one by one: FRAMES_GIB into
 * granules, FRAMES_GRANULE into frames. 0 or -ENOMEM. A granule may still be freed whole, and split once more,
 * while all of its frames are in use.
 */
int frame_split(isle_hpa_t hpa, uint32_t nr);

/* Sums over one node, or over all (node = ISLE_MAX_NODES). */
struct frame_stats frame_stats(uint32_t node);

#endif
