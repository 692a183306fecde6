/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * window.h - the memory that isle kernel and proxy share to talk to each other.
 *
 * It starts zeroed. The proxy fills the exec block before ISLE_IOC_START; the isle kernel
 * writes the header when it comes up. Each side believes nothing of the other: every
 * index, length and state that it reads is copied once, checked, and only then used.
 */
#ifndef ISLE_WINDOW_H
#define ISLE_WINDOW_H

#include <isle/types.h>
#include <isle/version.h>

#define ISLE_WINDOW_SIZE     ISLE_GRANULE_SIZE

/* Places in the window. */
#define ISLE_WINDOW_SIGNALS  0x001000u  /* struct isle_signal_ring (signal.h) */
#define ISLE_WINDOW_DEBUG    0x004000u  /* struct isle_debug (debug.h) */
#define ISLE_WINDOW_SLOTS    0x010000u  /* struct isle_slot [ISLE_MAX_SLOTS] (call.h) */
#define ISLE_WINDOW_MIRROR   0x080000u  /* struct isle_mirror (mirror.h) */
#define ISLE_WINDOW_EXEC     0x100000u  /* struct isle_exec and strings (exec.h), to the end */

struct isle_window {
	uint64_t magic;     /* ISLE_WINDOW_MAGIC, written last */
	uint32_t revision;  /* ISLE_ABI_REVISION */
	uint32_t reserved0;
	uint64_t size;
	uint8_t  reserved1[40];
};
ISLE_ASSERT_SIZE(struct isle_window, 64);

/*
 * Addresses. The program's lie below ISLE_USER_TOP; the proxy's own (position-independent
 * executable, libraries, stack) lie above it, so that every program address can be mapped
 * in the proxy at the same place. 0x5000... is below where Linux on x86-64 puts any of them.
 */
#define ISLE_USER_BOTTOM     0x0000000000010000ull
#define ISLE_USER_TOP        0x0000500000000000ull

#endif
