/* SPDX-License-Identifier: MIT */
/*
 * spawn.h - children of the program between vfork and exec (abi/isle/call.h, "A child of vfork").
 *
 * A worker whose slot has a child hands the slot's Linux calls over to it; all else about a call is the same.
 */
#ifndef SERVE_SPAWN_H
#define SERVE_SPAWN_H

#include <stdint.h>

struct server;
struct spawn;

/*
 * Begins a child of the calling worker: its pid, and the child in *spawn; or -errno. arg: see ISLE_CALL_SPAWN; the
 * address in it is the program's.
 */
int64_t spawn_begin(struct server *server, struct spawn **spawn, const uint64_t arg[6]);

/*
 * Has the child make a call: Linux's, ISLE_CALL_EXEC or ISLE_CALL_LEAVE, with arguments that are checked. Returns what
 * it returned. If it is gone then, *done_flags says so, the result is -ESRCH, and *spawn is NULL.
 */
int64_t spawn_call(struct server *server, struct spawn **spawn, uint32_t nr, const uint64_t arg[6],
		   uint32_t *done_flags);

/* The isle has ended: kills the child, if there is one, and forgets it. */
void spawn_end(struct server *server, struct spawn **spawn);

#endif
