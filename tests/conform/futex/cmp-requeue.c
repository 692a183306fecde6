/* SPDX-License-Identifier: MIT */
/*
 * cmp-requeue - cmp_requeue compares first and returns woken and moved waiters together. Catches it counting
 * like requeue.
 */
#include "futex.h"

int main(void)
{
	static struct waiters w;
	static word a, b;

	start_waiters(&w, &a, 5);
	fails(futex_move(&a, FUTEX_CMP_REQUEUE_PRIVATE, 1, 10, &b, 1), EAGAIN, "another value");
	equal(w.woken, 0, "nothing happened");
	equal(futex_move(&a, FUTEX_CMP_REQUEUE_PRIVATE, 1, 3, &b, 0), 4, "one woken and three moved");
	equal(futex(&b, FUTEX_WAKE_PRIVATE, 10, NULL, NULL, 0), 3, "three on the second word");
	equal(futex(&a, FUTEX_WAKE_PRIVATE, 10, NULL, NULL, 0), 1, "one on the first");
	join_waiters(&w, 5);
	return done();
}
