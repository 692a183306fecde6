/* SPDX-License-Identifier: MIT */
/*
 * wait-wake - a wake returns the number woken and wakes no more than asked for; with nobody waiting it is
 * 0. Catches wrong counts, which glibc's conditions depend on.
 */
#include "futex.h"

int main(void)
{
	static struct waiters w;
	static word a;

	equal(futex(&a, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), 0, "nobody waits");
	start_waiters(&w, &a, 6);
	equal(futex(&a, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), 1, "one");
	until(w.woken == 1);
	sleep_ms(10);
	equal(w.woken, 1, "just one");
	equal(futex(&a, FUTEX_WAKE_PRIVATE, 2, NULL, NULL, 0), 2, "two");
	equal(futex(&a, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0), 3, "the rest");
	join_waiters(&w, 6);
	return done();
}
