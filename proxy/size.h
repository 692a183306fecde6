/* SPDX-License-Identifier: MIT */
/*
 * size.h - amounts of memory as people write them: 512M, 1.5G, 2GiB.
 *
 * Pure. Every suffix is a power of 1024, as in /proc/meminfo and numactl, whether written G, GB or
 * GiB.
 */
#ifndef PROXY_SIZE_H
#define PROXY_SIZE_H

#include "why.h"

#include <stddef.h>
#include <stdint.h>

#define SIZE_TEXT 32u

/*
 * Reads length characters. 0, or -EINVAL with a sentence: no number, unknown suffix, too
 * large. Parts of a byte are dropped.
 */
int size_parse(const char *text, size_t length, uint64_t *bytes, struct why *why);

/*
 * "512 MiB", "1.50 GiB": at most two digits behind the point, none if the number is whole. Returns
 * text.
 */
const char *size_print(uint64_t bytes, char text[SIZE_TEXT]);

#endif
