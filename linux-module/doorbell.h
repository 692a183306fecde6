/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_DOORBELL_H
#define ISLE_DOORBELL_H

#include <linux/types.h>

struct isle;
struct isle_call;

/* Allocates the vector that all isles ring. */
int isle_doorbell_init(void);
void isle_doorbell_exit(void);
/* The vector now; it may move. */
u32 isle_doorbell_vector(void);
/* Interrupts that brought a reason, of all isles. */
u64 isle_doorbell_total(void);

/* For a new isle. */
void isle_doorbell_prepare(struct isle *isle);
/* From now on its bells are heard, and its route is kept up to date. Needs boot. */
void isle_doorbell_open(struct isle *isle);
/* Nobody listens any more; returns when no handler looks at the isle. */
void isle_doorbell_close(struct isle *isle);
/* Takes reasons that it rang for without an interrupt, or before one came. Any context. */
void isle_doorbell_poll(struct isle *isle);
/* Reasons since the last call. */
u64 isle_doorbell_take(struct isle *isle);
/* Wakes all that wait: its life has changed. */
void isle_doorbell_wake(struct isle *isle);

/* Linux to isle: row must exist. */
void isle_doorbell_ring(struct isle *isle, u32 row);

/* ISLE_IOC_WAIT, in a state in which it may be called. */
long isle_doorbell_wait(struct isle_call *call, u32 slot, u32 timeout_ms);

#endif
