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

/* Aligned, so that both can be read as one word. */
struct __attribute__((aligned(8))) spinlock {
	uint32_t next;    /* ticket to be drawn */
	uint32_t serving; /* ticket whose owner holds the lock */
};

#define SPINLOCK_INIT  { 0, 0 }

/* Waits until the ticket is served. */
void spin_wait(struct spinlock *lock, uint32_t ticket);

static inline void spin_lock(struct spinlock *lock)
{
	uint32_t ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);

	/* Acquire: pairs with the release in spin_unlock. */
	if (__builtin_expect(__atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE) != ticket, 0))
		spin_wait(lock, ticket);
}

static inline void spin_unlock(struct spinlock *lock)
{
	__atomic_store_n(&lock->serving, lock->serving + 1, __ATOMIC_RELEASE);
}

/* Takes the lock if nobody has it. */
bool spin_trylock(struct spinlock *lock);

#endif
