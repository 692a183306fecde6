/* SPDX-License-Identifier: MIT */
/*
 * core.h - a core file of the stopped program, in Linux's format.
 */
#ifndef DEBUG_CORE_H
#define DEBUG_CORE_H

#include "target.h"

#include <stdint.h>

/*
 * Writes it to path (which must not exist) with at most limit bytes. name is the program's. 0 or -errno: -EFBIG it
 * would be longer than that; nothing stays then.
 */
int core_write(struct target *target, const struct target_stop *stop, const char *path, const char *name,
	       uint64_t limit);

#endif
