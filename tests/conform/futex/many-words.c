/* SPDX-License-Identifier: MIT */
/*
 * many-words - sixteen threads wait on words that share hash buckets; each wake reaches its own. Catches
 * keys compared by bucket.
 */
#include "futex.h"

static word w[16 * 64];
static _Atomic int woken[16];

static void *wait_one(void *arg)
{
	uintptr_t i = (uintptr_t)arg;

	while (!w[i * 64])
		futex(&w[i * 64], FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	woken[i] = 1;
	return NULL;
}

int main(void)
{
	pthread_t t[16];
	uintptr_t i, j, wrong = 0;

	for (i = 0; i < 16; i++)
		t[i] = thread(wait_one, (void *)i);
	for (i = 0; i < 16; i++) {
		for (j = 0; j < 16; j++)
			wrong += woken[j] != (j < i);
		w[i * 64] = 1;
		futex(&w[i * 64], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
		join(t[i]);
	}
	equal(wrong, 0, "in order");
	return done();
}
