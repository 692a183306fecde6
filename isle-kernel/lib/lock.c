// SPDX-License-Identifier: MIT
/*
 * lock.c - ticket locks. Who waits answers other cores' calls (docs/programs.md, rule 2).
 */
#include <kern/lock.h>

#include <arch/cpu.h>
#include <kern/ipi.h>

void spin_wait(struct spinlock *lock, uint32_t ticket)
{
	/* Acquire: pairs with the release in spin_unlock. */
	while (__atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE) != ticket) {
		ipi_poll();
		cpu_relax();
	}
}

bool spin_trylock(struct spinlock *lock)
{
	/* Acquire: pairs with the release in spin_unlock. */
	uint32_t ticket = __atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE);

	/*
	 * Drawn only if it is served at once. Nobody else can move serving past it: only the
	 * ticket's owner does.
	 */
	return __atomic_compare_exchange_n(&lock->next, &ticket, ticket + 1, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}
