/* SPDX-License-Identifier: MIT */
/*
 * many-maps - a thousand small mappings of alternating rights can be made, looked at and removed in any
 * order. Catches fixed tables of areas and searches that lose one.
 */
#include "conform.h"

#define N 1000

int main(void)
{
	static char *p[N];
	int i, bad = 0;

	for (i = 0; i < N; i++) {
		p[i] = anon(2 * PAGE);
		*(int *)(void *)p[i] = i;
		must(mprotect(p[i] + PAGE, PAGE, PROT_NONE));
	}
	for (i = 0; i < N; i++)
		bad += *(int *)(void *)p[i] != i;
	equal(bad, 0, "all there");
	for (i = 0; i < N; i += 50)
		bad += caught(touch_read, p[i] + PAGE).code != SEGV_ACCERR;
	equal(bad, 0, "rights kept");
	for (i = 0; i < N; i++)
		must(munmap(p[i * 7 % N], 2 * PAGE));
	for (i = 0; i < N; i += 50)
		bad += caught(touch_read, p[i]).code != SEGV_MAPERR;
	equal(bad, 0, "all gone");
	return done();
}
