/* SPDX-License-Identifier: MIT */
/*
 * symbols.h - names of the kernel's functions, for backtraces.
 */
#ifndef KERN_SYMBOLS_H
#define KERN_SYMBOLS_H

#include <stdint.h>

/*
 * A table as tools/symbols.awk makes it: start of each function relative to base, ascending, and
 * its name.
 */
struct symbol {
	uint32_t offset;
	uint32_t name;     /* offset in names */
};

struct symbols {
	uint64_t base;
	uint64_t end;      /* end of the last function */
	uint32_t nr;
	const struct symbol *sorted;
	const char *names;
};

/* The running kernel's. */
extern const struct symbols kernel_symbols;

/* Name of the function that holds addr and the distance from its start, or NULL. */
const char *symbol_find(const struct symbols *table, uint64_t addr, uint64_t *distance);

#endif
