/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * types.h - integer types and compile-time checks for all three worlds.
 *
 * The same headers are compiled into the Linux module, the freestanding isle
 * kernel and ordinary Linux programs. Everything shared is built from the
 * fixed-width types below: no pointer, long, size_t, bool or enum field, and
 * every hole is a named, zeroed field.
 *
 * Address words, used in names throughout the project:
 *   hpa  host-physical address (what a page table of the isle holds)
 *   ipa  offset in isle memory: the isle's extents laid end to end; this is
 *        also the offset at which /dev/isle is mapped by the proxy
 *   uva  address in the program
 */
#ifndef ISLE_TYPES_H
#define ISLE_TYPES_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stddef.h>
#include <stdint.h>
#endif

#ifdef __cplusplus
#define ISLE_ASSERT(cond, text) static_assert(cond, text)
#else
#define ISLE_ASSERT(cond, text) _Static_assert(cond, text)
#endif

/* A struct of the ABI has exactly this size in every world. */
#define ISLE_ASSERT_SIZE(type, size) \
	ISLE_ASSERT(sizeof(type) == (size), #type " must be " #size " bytes")
/* A field of the ABI lies at exactly this offset in every world. */
#define ISLE_ASSERT_AT(type, field, offset) \
	ISLE_ASSERT(offsetof(type, field) == (offset), #type "." #field " must lie at " #offset)

typedef uint64_t isle_hpa_t;
typedef uint64_t isle_ipa_t;
typedef uint64_t isle_uva_t;

#define ISLE_PAGE_SIZE     0x1000ull
/* Memory is handed out, mapped and accounted in granules: one large page. */
#define ISLE_GRANULE_SIZE  0x200000ull
#define ISLE_CACHE_LINE    64

/* Upper bounds that size bitmaps and tables; a host may have more of each, an isle may not. */
#define ISLE_MAX_CPUS      256
#define ISLE_MAX_NODES     64
#define ISLE_MAX_EXTENTS   1024
#define ISLE_MAX_SLOTS     1024  /* call slots, so threads of a program */

#endif
