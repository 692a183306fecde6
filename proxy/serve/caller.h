/* SPDX-License-Identifier: MIT */
/*
 * caller.h - what a worker keeps from call to call of its slot.
 */
#ifndef SERVE_CALLER_H
#define SERVE_CALLER_H

#include "../view/view.h"

struct spawn;

struct caller {
	struct view_scratch scratch;  /* room for the isle's view of paths */
	struct spawn *spawn;          /* makes Linux's calls of this slot (spawn.h); NULL: the proxy does */
};

#endif
