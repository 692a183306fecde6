// SPDX-License-Identifier: MIT
/*
 * symbols.c - finds the function that holds an address, by binary search.
 */
#include <kern/symbols.h>

#include <stddef.h>

const char *symbol_find(const struct symbols *table, uint64_t addr, uint64_t *distance)
{
	uint32_t low = 0, high = table->nr;
	uint64_t offset = addr - table->base;

	if (addr < table->base || addr >= table->end || !high || offset < table->sorted[0].offset)
		return NULL;
	while (high - low > 1) {
		uint32_t mid = low + (high - low) / 2;

		if (table->sorted[mid].offset <= offset)
			low = mid;
		else
			high = mid;
	}
	*distance = offset - table->sorted[low].offset;
	return table->names + table->sorted[low].name;
}
