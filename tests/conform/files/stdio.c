/* SPDX-License-Identifier: MIT */
/*
 * stdio - C streams: formatted input and output, seeking, buffers, memory streams, temporary files,
 * getline. Catches lseek and read not agreeing about an offset.
 */
#include "conform.h"

int main(void)
{
	char line[64] = "", *text = NULL, *more = NULL;
	size_t len = 0, room = 0;
	int a = 0, i;
	double d = 0;
	FILE *f;

	enter_tempdir();
	f = fopen("f", "w+");
	for (i = 0; i < 3000; i++)
		fprintf(f, "%d %.3f\n", i, i / 7.0);
	rewind(f);
	for (i = 0; i < 3000 && fscanf(f, "%d %lf", &a, &d) == 2; i++)
		if (a != i)
			break;
	equal(i, 3000, "written and read back");
	fseek(f, 0, SEEK_SET);
	fputs("X", f);
	fflush(f);
	fseek(f, 0, SEEK_SET);
	check(fgets(line, 64, f) && !strcmp(line, "X 0.000\n"), "changed in place");
	equal(ftell(f), 8, "ftell");
	equal(fclose(f), 0, "fclose");
	f = fopen("f", "a");
	check(fputs("end", f) >= 0 && ftell(f) > 30000, "append");
	fclose(f);
	f = open_memstream(&text, &len);
	fprintf(f, "%s-%05d", "memory", 42);
	fclose(f);
	check(len == 12 && !strcmp(text, "memory-00042"), "memory stream");
	f = tmpfile();
	check(f && fputs("one\ntwo\n", f) >= 0, "temporary file");
	rewind(f);
	check(getline(&more, &room, f) == 4 && getline(&more, &room, f) == 4 && !strcmp(more, "two\n"), "getline");
	return done();
}
