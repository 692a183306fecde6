/* SPDX-License-Identifier: MIT */
/*
 * requeue - requeue wakes some waiters and moves others to a second word, where they are woken. Catches
 * waiters lost in the move.
 */
#include "futex.h"

int main(void)
{
	static struct waiters w;
	static word a, b;

	start_waiters(&w, &a, 5);
	equal(futex_move(&a, FUTEX_REQUEUE_PRIVATE, 1, 2, &b, 0), 3, "one woken and two moved");
	until(w.woken == 1);
	equal(futex(&b, FUTEX_WAKE_PRIVATE, 10, NULL, NULL, 0), 2, "two had moved");
	equal(futex(&a, FUTEX_WAKE_PRIVATE, 10, NULL, NULL, 0), 2, "two had stayed");
	join_waiters(&w, 5);
	return done();
}
