/* SPDX-License-Identifier: MIT */
/*
 * extent.h - the isle's physical memory: pieces, laid end to end as ipa.
 */
#ifndef KERN_EXTENT_H
#define KERN_EXTENT_H

#include <stdint.h>

#include <isle/boot.h>

/* Not an address: no extent holds it. */
#define EXTENT_NONE  (~0ull)

struct extents {
	const struct isle_extent *list;   /* ascending in ipa, dense */
	uint32_t nr;
	uint64_t size;                    /* of all */
	uint16_t by_hpa[ISLE_MAX_EXTENTS]; /* indices, ascending in hpa */
};

extern struct extents extents;

/*
 * Takes over a table of extents: checks alignment, density, overlap, node numbers. Returns NULL, or
 * one clause that says what is wrong.
 */
const char *extents_init(const struct isle_extent *list, uint32_t nr, uint64_t size);

/* Index of the extent that holds the address, or nr. */
uint32_t extent_of_ipa(isle_ipa_t ipa);
uint32_t extent_of_hpa(isle_hpa_t hpa);

/* Conversions; EXTENT_NONE if the address is not the isle's. */
isle_hpa_t ipa_to_hpa(isle_ipa_t ipa);
isle_ipa_t hpa_to_ipa(isle_hpa_t hpa);

#endif
