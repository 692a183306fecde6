/* SPDX-License-Identifier: MIT */
/*
 * malloc-stress - 100000 mallocs, reallocs and frees of 16 bytes to 1 MiB keep every block's content. Catches
 * any mix-up in brk, mmap, mremap, munmap and madvise as a C library uses them.
 */
#include "conform.h"

#define SLOTS 256

static struct { unsigned char *p; size_t len; unsigned char mark; } slot[SLOTS];

static unsigned int seed = 1;

static unsigned int random_number(void)
{
	seed = seed * 1103515245u + 12345u;
	return seed >> 8;
}

static size_t random_size(void)
{
	unsigned int kind = random_number() % 100;

	return kind < 80 ? 16 + random_number() % 1000 :
	       kind < 98 ? random_number() % 40000 + 1 : random_number() % MIB + 1;
}

static int intact(int i)
{
	return !slot[i].p || (slot[i].p[0] == slot[i].mark && slot[i].p[slot[i].len - 1] == slot[i].mark &&
			      slot[i].p[slot[i].len / 2] == slot[i].mark);
}

int main(void)
{
	int n, bad = 0;

	for (n = 0; n < 100000; n++) {
		int i = (int)(random_number() % SLOTS);
		size_t len = random_size();

		bad += !intact(i);
		if (slot[i].p && random_number() % 4) {
			free(slot[i].p);
			slot[i].p = NULL;
			continue;
		}
		slot[i].p = realloc(slot[i].p, len);
		bad += !slot[i].p;
		slot[i].len = len;
		slot[i].mark = (unsigned char)n;
		slot[i].p[0] = slot[i].p[len / 2] = slot[i].p[len - 1] = (unsigned char)n;
	}
	equal(bad, 0, "blocks intact");
	return done();
}
