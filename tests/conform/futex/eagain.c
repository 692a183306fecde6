/* SPDX-License-Identifier: MIT */
/*
 * eagain - a wait on a word with another value returns EAGAIN at once, with and without timeout. Catches
 * the lost wake-up between look and sleep.
 */
#include "futex.h"

int main(void)
{
	static word a = 5;
	struct timespec ts = timespec(5000 * MS);

	fails(futex(&a, FUTEX_WAIT, 4, NULL, NULL, 0), EAGAIN, "shared");
	fails(futex(&a, FUTEX_WAIT_PRIVATE, 6, NULL, NULL, 0), EAGAIN, "private");
	fails(futex(&a, FUTEX_WAIT_PRIVATE, 0, &ts, NULL, 0), EAGAIN, "with timeout");
	fails(futex(&a, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, FUTEX_BITSET_MATCH_ANY), EAGAIN, "bitset");
	fails(futex_move(&a, FUTEX_CMP_REQUEUE_PRIVATE, 1, 1, &a, 3), EAGAIN, "cmp_requeue");
	return done();
}
