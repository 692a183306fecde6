/* SPDX-License-Identifier: MIT */
/*
 * exec.h - the program becomes another one (abi/isle/call.h, ISLE_CALL_EXEC and what belongs to it).
 */
#ifndef SERVE_EXEC_H
#define SERVE_EXEC_H

#include <stdbool.h>
#include <stdint.h>

struct caller;
struct server;

/* True if nr is a call about exec: *result is its answer then. Arguments are the isle's: nothing is believed. */
bool exec_call(struct server *server, struct caller *caller, uint32_t nr, const uint64_t arg[6], uint32_t *done_flags,
	       int64_t *result);

#endif
