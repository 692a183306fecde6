/* SPDX-License-Identifier: GPL-2.0 */
/*
 * end.h - parts of an end. The caller holds life_lock.
 */
#ifndef ISLE_END_H
#define ISLE_END_H

#include <linux/types.h>

struct isle;

/* Milliseconds for a core that is about to park anyway. */
#define ISLE_END_ARRIVE_MS  20

/* For a new isle. No lock. */
void isle_end_prepare(struct isle *isle);

/* The time an isle has to stop when asked (parameter stop_ms). */
u32 isle_end_stop_ms(void);
u64 isle_end_deadline(u32 ms);
/* Whether a wait for this isle shall go on. */
bool isle_end_may_wait(const struct isle *isle, u64 deadline);

/* How it ended, in words; before isle_end_finish(). */
__printf(2, 3)
void isle_end_set_why(struct isle *isle, const char *format, ...);

/*
 * Asks all cores whether they are parked; those that do not answer within ms, or all with force,
 * are taken by INIT. Returns how many those are. Afterwards no core runs in the isle.
 */
u32 isle_end_collect(struct isle *isle, u32 ms, bool force);

/* The cores are back: lets go what the isle held of Linux and publishes its last life. */
void isle_end_finish(struct isle *isle, u32 life, u32 forced);

/* All of the above for an isle whose state says that it ended. Returns cores taken by INIT. */
u32 isle_end_alone(struct isle *isle, u32 state);

#endif
