// SPDX-License-Identifier: MIT
/*
 * table.c - expands the rows of abi/isle/syscalls.def for the proxy.
 */
#include "table.h"

#include <stddef.h>
#include <sys/syscall.h>

#define LEAF(nr, call, fmt)         [nr] = { #call, fmt, false },
#define LOCAL(nr, call, fmt)        [nr] = { #call, fmt, false },
#define BOTH(nr, call, fmt)         [nr] = { #call, fmt, true },
#define FORWARD(nr, call, fmt, ...) [nr] = { #call, fmt, true },
#define NOSYS(nr, call, fmt)        [nr] = { #call, fmt, false },

static const struct call_row rows[] = {
#include <isle/syscalls.def>
};

const struct call_row *call_row(uint32_t nr)
{
	return nr < sizeof(rows) / sizeof(rows[0]) && rows[nr].name ? &rows[nr] : NULL;
}
