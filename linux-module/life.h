/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_LIFE_H
#define ISLE_LIFE_H

#include <linux/types.h>
#include <isle/ioctl.h>

struct isle;
struct isle_call;

/* ISLE_IOC_START and _STOP; take life_lock. */
long isle_life_start(struct isle_call *call, struct isle_start *start);
long isle_life_stop(struct isle_call *call, struct isle_stop *stop);

/*
 * The owner is gone: brings the isle to an end, whatever its state. Asks it to stop, waits a
 * bounded time, takes the cores. Afterwards no core runs in the isle. Takes life_lock.
 */
void isle_life_kill(struct isle *isle);

#endif
