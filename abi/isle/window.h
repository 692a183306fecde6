/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * window.h - the memory that isle kernel and proxy share to talk to each other.
 *
 * The isle kernel writes the header when it comes up; the proxy maps the window at
 * isle_info.window_ipa and believes nothing in it: every index, length and state that
 * it reads is copied once, checked, and only then used.
 */
#ifndef ISLE_WINDOW_H
#define ISLE_WINDOW_H

#include <isle/types.h>
#include <isle/version.h>

#define ISLE_WINDOW_SIZE  ISLE_GRANULE_SIZE

struct isle_window {
	uint64_t magic;     /* ISLE_WINDOW_MAGIC, written last */
	uint32_t revision;  /* ISLE_ABI_REVISION */
	uint32_t reserved0;
	uint64_t size;
	uint8_t  reserved1[40];
};
ISLE_ASSERT_SIZE(struct isle_window, 64);

#endif
