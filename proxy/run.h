/* SPDX-License-Identifier: MIT */
/*
 * run.h - the life of a run, from a configuration to an exit status.
 */
#ifndef PROXY_RUN_H
#define PROXY_RUN_H

#include "config.h"

/* Exit statuses that are not the isle's, documented in isle-run(1). */
enum {
	RUN_USAGE = 2,
	RUN_FAILED = 125,
	RUN_CANNOT = 126, /* PROGRAM is there, but cannot be run */
};

/*
 * Runs an isle and waits for its end. Returns the exit status; an isle that ended by a signal ends
 * the process by the same signal.
 */
int run(const struct config *config);

#endif
