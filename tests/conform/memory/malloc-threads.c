/* SPDX-License-Identifier: MIT */
/*
 * malloc-threads - eight threads allocate, fill, hand over and free blocks of each other. Catches arenas
 * and their PROT_NONE reservations going wrong under concurrency.
 */
#include "conform.h"

static unsigned char *mailbox[64];
static _Atomic int bad;

static void *work(void *arg)
{
	unsigned int seed = (unsigned int)(uintptr_t)arg;
	int n;

	for (n = 0; n < 3000; n++) {
		unsigned char *p, *old;
		size_t len;

		seed = seed * 1103515245u + 12345u;
		len = 64 + (seed >> 8) % 5000;
		p = malloc(len + 8);
		memcpy(p, &len, 8);
		memset(p + 8, (int)(len & 255), len);
		old = __atomic_exchange_n(&mailbox[(seed >> 20) % 64], p, __ATOMIC_ACQ_REL);
		if (!old)
			continue;
		memcpy(&len, old, 8);
		bad += old[8] != (len & 255) || old[8 + len - 1] != (len & 255);
		free(old);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[8];
	uintptr_t i;

	for (i = 0; i < 8; i++)
		t[i] = thread(work, (void *)(i + 1));
	for (i = 0; i < 8; i++)
		join(t[i]);
	equal(bad, 0, "blocks intact");
	return done();
}
