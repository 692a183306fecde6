// SPDX-License-Identifier: MIT
/*
 * extent.c - the isle's physical memory, and what is where in it.
 *
 * Extents are few and constant: arrays sorted by ipa (as the loader gives them) and by hpa,
 * searched by halves.
 */
#include <kern/extent.h>

#include <stdbool.h>

struct extents extents;

/* The direct map has room for so much of physical memory. */
#define HPA_LIMIT  (1ull << 46)

static const char *extent_check(const struct isle_extent *e, isle_ipa_t ipa)
{
	if (e->ipa != ipa)
		return "an extent does not begin where the one before ends";
	if (!e->size || (e->size | e->hpa) % ISLE_GRANULE_SIZE)
		return "an extent is not made of whole granules";
	if (e->hpa >= HPA_LIMIT || e->size > HPA_LIMIT - e->hpa)
		return "an extent lies too high";
	if (e->node >= ISLE_MAX_NODES)
		return "an extent's node number is too large";
	return NULL;
}

/* Puts the extent into the order by hpa, and checks that its neighbours there do not overlap it. */
static bool sorted_insert(uint16_t *order, uint32_t nr, const struct isle_extent *list)
{
	const struct isle_extent *e = &list[nr];
	uint32_t at = nr;

	for (; at && list[order[at - 1]].hpa > e->hpa; at--)
		order[at] = order[at - 1];
	order[at] = (uint16_t)nr;
	if (at && list[order[at - 1]].hpa + list[order[at - 1]].size > e->hpa)
		return false;
	return at == nr || e->hpa + e->size <= list[order[at + 1]].hpa;
}

const char *extents_init(const struct isle_extent *list, uint32_t nr, uint64_t size)
{
	isle_ipa_t ipa = 0;
	uint32_t i;

	if (!nr || nr > ISLE_MAX_EXTENTS)
		return "the number of extents is wrong";
	for (i = 0; i < nr; i++) {
		const char *why = extent_check(&list[i], ipa);

		if (why)
			return why;
		if (!sorted_insert(extents.by_hpa, i, list))
			return "two extents overlap";
		ipa += list[i].size;
	}
	if (ipa != size)
		return "the extents do not add up to the isle's memory";
	extents.list = list;
	extents.nr = nr;
	extents.size = size;
	return NULL;
}

uint32_t extent_of_ipa(isle_ipa_t ipa)
{
	uint32_t low = 0, high = extents.nr;

	if (ipa >= extents.size)
		return extents.nr;
	while (high - low > 1) {
		uint32_t mid = low + (high - low) / 2;

		if (extents.list[mid].ipa <= ipa)
			low = mid;
		else
			high = mid;
	}
	return low;
}

uint32_t extent_of_hpa(isle_hpa_t hpa)
{
	uint32_t low = 0, high = extents.nr;
	const struct isle_extent *e;

	while (high - low > 1) {
		uint32_t mid = low + (high - low) / 2;

		if (extents.list[extents.by_hpa[mid]].hpa <= hpa)
			low = mid;
		else
			high = mid;
	}
	if (!extents.nr)
		return 0;
	e = &extents.list[extents.by_hpa[low]];
	return hpa >= e->hpa && hpa - e->hpa < e->size ? extents.by_hpa[low] : extents.nr;
}

isle_hpa_t ipa_to_hpa(isle_ipa_t ipa)
{
	uint32_t at = extent_of_ipa(ipa);

	if (at == extents.nr)
		return EXTENT_NONE;
	return extents.list[at].hpa + (ipa - extents.list[at].ipa);
}

isle_ipa_t hpa_to_ipa(isle_hpa_t hpa)
{
	uint32_t at = extent_of_hpa(hpa);

	if (at == extents.nr)
		return EXTENT_NONE;
	return extents.list[at].ipa + (hpa - extents.list[at].hpa);
}
