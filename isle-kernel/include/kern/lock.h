/* SPDX-License-Identifier: MIT */
/*
 * lock.h - spin locks: fair, held for short times, with interrupts off.
 *
 * The kernel runs with interrupts off except where it waits for work, so a lock does not touch
 * them. A core that waits for a lock answers other cores' calls meanwhile: who holds a lock may
 * wait for an answer.
 */
#ifndef KERN_LOCK_H
#define KERN_LOCK_H

#include <stdbool.h>
#include <stdint.h>

struct spinlock {
	uint32_t next;    /* ticket to be drawn */
	uint32_t serving; /* ticket whose owner holds the lock */
};

#define SPINLOCK_INIT  { 0, 0 }

void spin_lock(struct spinlock *lock);
void spin_unlock(struct spinlock *lock);
/* Takes the lock if nobody has it. */
bool spin_trylock(struct spinlock *lock);

#endif
