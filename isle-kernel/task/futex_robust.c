// SPDX-License-Identifier: MIT
/*
 * futex_robust.c - the list of robust mutexes that a thread holds, when it ends (set_robust_list(2)).
 *
 * The list is the program's: every link is read with care and the walk is bounded. Bit 0 of a link says that the
 * mutex is a PI one: its waiters are served by futex_pi.c, the word is only marked.
 */
#include <kern/futex.h>

#include <kern/thread.h>
#include <kern/uaccess.h>

#include "futex_priv.h"

#define ROBUST_MAX   2048u   /* a list that is longer is a loop (Linux's bound) */

struct robust_head {
	isle_uva_t next;
	int64_t offset;
	isle_uva_t pending;
};

static void robust_word(const struct thread *thread, isle_uva_t addr, bool lock, bool pending)
{
	uint32_t value, found;

	if ((addr & 3) || get_user(&value, addr))
		return;
	/* It ended between giving the mutex up and waking the next: that is done for it. */
	if (pending && !lock && !value)
		futex_wake_anywhere(addr, 1);
	while ((value & FUTEX_TID_MASK) == thread->tid) {
		if (user_cmpxchg32(addr, value, (value & FUTEX_WAITERS) | FUTEX_OWNER_DIED, &found))
			return;
		if (found == value) {
			if (!lock && (value & FUTEX_WAITERS))
				futex_wake_anywhere(addr, 1);
			return;
		}
		value = found;
	}
}

void futex_robust_release(struct thread *thread)
{
	struct robust_head head;
	isle_uva_t at;
	uint32_t i;

	if (!thread->robust_list || get_user(&head, thread->robust_list))
		return;
	at = head.next;
	for (i = 0; i < ROBUST_MAX && (at & ~1ull) != thread->robust_list; i++) {
		isle_uva_t entry = at & ~1ull;
		bool lock = at & 1;

		/* The link is read first: the word's new owner may reuse the entry. */
		if (get_user(&at, entry))
			return;
		if (entry != (head.pending & ~1ull))
			robust_word(thread, entry + (uint64_t)head.offset, lock, false);
	}
	if (head.pending)
		robust_word(thread, (head.pending & ~1ull) + (uint64_t)head.offset, head.pending & 1, true);
}
