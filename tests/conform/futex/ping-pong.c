/* SPDX-License-Identifier: MIT */
/*
 * ping-pong - two threads hand a word to and fro two thousand times with nothing but wait and wake. Catches
 * lost wake-ups.
 */
#include "futex.h"

static word turn;

static void *player(void *arg)
{
	uint32_t me = (uint32_t)(uintptr_t)arg, value;
	int i;

	for (i = 0; i < 2000; i++) {
		while ((value = turn) % 2 != me)
			futex(&turn, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
		turn++;
		futex(&turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	}
	return NULL;
}

int main(void)
{
	pthread_t a = thread(player, (void *)0), b = thread(player, (void *)1);

	join(a);
	join(b);
	equal(turn, 4000, "turns");
	return done();
}
