// SPDX-License-Identifier: MIT
/*
 * caches.c - the caches of a CPU from CPUID, where Linux has them from.
 *
 * The isle's own CPUs cannot be asked before it runs, and Linux hides the caches of a CPU that is
 * offline; but all CPUs of a machine answer alike, so any other CPU's answer serves.
 */
#include "view.h"

#include <cpuid.h>

#define LEAF_INTEL  0x4u
#define LEAF_AMD    0x8000001du
#define TOPOEXT     (1u << 22)   /* leaf 0x80000001, ecx: LEAF_AMD exists */

static uint32_t cache_leaf(void)
{
	uint32_t a, b, c, d;

	if (__get_cpuid(0x80000001u, &a, &b, &c, &d) && (c & TOPOEXT) &&
	    (uint32_t)__get_cpuid_max(0x80000000u, NULL) >= LEAF_AMD)
		return LEAF_AMD;
	return (uint32_t)__get_cpuid_max(0, NULL) >= LEAF_INTEL ? LEAF_INTEL : 0;
}

/* Bits of the APIC number that tell the CPUs of one cache apart. */
static uint32_t order(uint32_t n)
{
	uint32_t bits = 0;

	while (bits < 31 && (1u << bits) < n)
		bits++;
	return bits;
}

unsigned int view_probe_caches(struct view_cache *cache, unsigned int max)
{
	uint32_t leaf = cache_leaf(), i, a, b, c, d;
	unsigned int n = 0;

	/* Both leaves have one layout; they end with a cache of type 0. */
	for (i = 0; leaf && n < max && i < 16; i++) {
		__cpuid_count(leaf, i, a, b, c, d);
		if ((a & 31) == 0)
			break;
		if ((a & 31) > 3)
			continue;
		cache[n].type = " DIU"[a & 31];
		cache[n].level = a >> 5 & 7;
		cache[n].shift = order((a >> 14 & 0xfff) + 1);
		cache[n].line = (b & 0xfff) + 1;
		cache[n].partitions = (b >> 12 & 0x3ff) + 1;
		cache[n].ways = (b >> 22) + 1;
		cache[n].sets = c + 1;
		cache[n].size = cache[n].line * cache[n].partitions * cache[n].ways * cache[n].sets;
		n++;
	}
	return n;
}
