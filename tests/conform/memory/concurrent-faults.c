/* SPDX-License-Identifier: MIT */
/*
 * concurrent-faults - four threads touch the same new pages at once while a fifth maps and unmaps beside them;
 * no write is lost. Catches two frames for one page.
 */
#include "conform.h"

#define PAGES 512

static uint64_t *area;
static _Atomic int start, stop;

static void *toucher(void *arg)
{
	uintptr_t id = (uintptr_t)arg;
	int i;

	while (!start)
		sched_yield();
	for (i = 0; i < PAGES; i++)
		area[(size_t)i * 512 + id] = id + 1;
	return NULL;
}

static void *mapper(void *arg)
{
	(void)arg;
	while (!stop) {
		char *p = anon(16 * PAGE);

		p[PAGE] = 1;
		must(mprotect(p, 8 * PAGE, PROT_READ));
		must(munmap(p, 16 * PAGE));
	}
	return NULL;
}

int main(void)
{
	pthread_t t[4], m;
	int round, bad = 0;
	uintptr_t i;

	m = thread(mapper, NULL);
	for (round = 0; round < 10; round++) {
		start = 0;
		area = anon(PAGES * PAGE);
		for (i = 0; i < 4; i++)
			t[i] = thread(toucher, (void *)i);
		start = 1;
		for (i = 0; i < 4; i++)
			join(t[i]);
		for (i = 0; i < PAGES * 4; i++)
			bad += area[i / 4 * 512 + i % 4] != i % 4 + 1;
		must(munmap(area, PAGES * PAGE));
	}
	stop = 1;
	join(m);
	equal(bad, 0, "writes kept");
	return done();
}
