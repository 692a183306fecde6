/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * mirror.h - how the proxy learns where the program's memory is.
 *
 * The isle kernel appends an entry for each change of a user mapping; the proxy applies
 * all entries up to head, in order, before it runs a call. Entries are published (head)
 * only when a call is forwarded, so a program that makes no calls sends nothing. If the
 * ring is full the isle kernel forwards ISLE_CALL_SYNC. Frames that left a mapping are
 * used again only when tail has passed the entry that says so.
 *
 * head and tail count entries since the start; entry n lies at n % ISLE_MIRROR_ENTRIES.
 * The proxy checks: page alignment, uva below ISLE_USER_TOP, ipa and length inside isle
 * memory, known kind and protection; one bad entry ends the isle.
 */
#ifndef ISLE_MIRROR_H
#define ISLE_MIRROR_H

#include <isle/types.h>

enum {
	ISLE_MIRROR_MAP = 1,     /* [uva, uva + len) is isle memory from ipa on, with prot */
	ISLE_MIRROR_UNMAP = 2,   /* [uva, uva + len) is nothing */
	ISLE_MIRROR_PROTECT = 3, /* [uva, uva + len): what is mapped there now has prot */
};

/* prot has mmap's bits: 1 read, 2 write, 4 execute (which the proxy leaves out). */
struct isle_mirror_entry {
	isle_uva_t uva;
	isle_ipa_t ipa;
	uint64_t   len;
	uint32_t   prot;
	uint32_t   kind;
};
ISLE_ASSERT_SIZE(struct isle_mirror_entry, 32);

#define ISLE_MIRROR_ENTRIES  8192u

struct isle_mirror {
	uint64_t head __attribute__((aligned(64)));  /* isle */
	uint8_t  reserved0[56];
	uint64_t tail __attribute__((aligned(64)));  /* proxy */
	uint8_t  reserved1[56];
	struct isle_mirror_entry entry[ISLE_MIRROR_ENTRIES];
};
ISLE_ASSERT_SIZE(struct isle_mirror, 128 + 32 * 8192);

#endif
