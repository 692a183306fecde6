/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_TRAMPOLINE_H
#define ISLE_TRAMPOLINE_H

struct isle_rcpu;

/*
 * Brings cores that Linux does not run into the park loop by INIT and start-up, the wait after
 * INIT once for all of them: after RESERVE took them offline, or when an isle does not give them
 * back. Sets the state of each to PARKED or LOST; returns how many are lost. Sleeps; one caller
 * at a time, others wait. Takes the hotplug lock: not to be called from its callbacks.
 */
unsigned int isle_trampoline_bring(struct isle_rcpu *const *cpus, unsigned int nr);

/* Chooses the page below 640 KiB. -ENODEV with a log line if there is none. */
int isle_trampoline_init(void);

#endif
