/* SPDX-License-Identifier: MIT */
/*
 * table.h - the system call table as the proxy needs it: may an isle forward this call, which arguments are addresses.
 */
#ifndef SERVE_TABLE_H
#define SERVE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

struct call_row {
	const char *name;    /* NULL: no such call */
	const char *format;  /* see abi/isle/syscalls.def */
	bool forward;        /* an isle may ask for it as it stands */
};

/* The row of a number, or NULL. */
const struct call_row *call_row(uint32_t nr);

#endif
