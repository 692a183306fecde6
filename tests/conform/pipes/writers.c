/* SPDX-License-Identifier: MIT */
/*
 * writers - four threads write lines to one pipe; a reader gets each line whole. Catches writes split on the way.
 */
#include "conform.h"

static int fds[2];

static void *writer(void *arg)
{
	char line[101];
	int i;

	memset(line, 'a' + (int)(uintptr_t)arg, 100);
	line[99] = '\n';
	for (i = 0; i < 500; i++)
		if (write(fds[1], line, 100) != 100)
			return arg;
	return NULL;
}

int main(void)
{
	int n[4] = { 0 }, torn = 0, i;
	char line[128];
	pthread_t t[4];
	FILE *f;

	must(pipe(fds));
	f = fdopen(fds[0], "r");
	for (i = 0; i < 4; i++)
		t[i] = thread(writer, (void *)(uintptr_t)i);
	for (i = 0; i < 2000 && fgets(line, sizeof(line), f); i++) {
		n[(line[0] - 'a') & 3]++;
		torn += strlen(line) != 100 || line[0] != line[98];
	}
	for (i = 0; i < 4; i++)
		join(t[i]);
	equal(n[0] + n[1] + n[2] + n[3], 2000, "lines");
	equal(torn, 0, "whole");
	return done();
}
