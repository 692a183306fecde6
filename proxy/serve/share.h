/* SPDX-License-Identifier: MIT */
/*
 * share.h - the proxy's side of shared mappings (share.c).
 */
#ifndef SERVE_SHARE_H
#define SERVE_SHARE_H

#include <stdbool.h>
#include <stdint.h>

struct server;

/* Whether [uva, uva + len) is whole pages of the program's addresses, and not empty. */
bool range_ours(uint64_t uva, uint64_t len);
/* ISLE_CALL_MAP_SHARED, _PIN, _UNPIN, _REMAP and _SHM_MAP: their result or -errno. */
int64_t share_call(struct server *server, uint32_t nr, const uint64_t arg[6]);
/*
 * Before a call of Linux's that is to make files last (msync, fsync and their kind): tells Linux what the isle wrote
 * into shared mappings. 0, also for other calls, or -errno.
 */
int share_tell(struct server *server, uint32_t nr, const uint64_t arg[6]);

#endif
