/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ISLE_REAP_H
#define ISLE_REAP_H

struct isle;

/*
 * The file of the isle is closed: ends it if it has not ended, and gives all it had back. Takes
 * over the file's reference. Bounded, sleeps; works in a process that is being killed.
 */
void isle_reap(struct isle *isle);

/* Gives back what an isle took, before it was published or afterwards. Takes isle_reserve_lock. */
void isle_reap_parts(struct isle *isle);

#endif
