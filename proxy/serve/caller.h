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
	bool background;              /* the next call is made although it comes from the background (terminal.h) */
	struct spawn *spawn;          /* makes Linux's calls of this slot (spawn.h); NULL: the proxy does */
};

#endif
