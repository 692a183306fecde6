/* SPDX-License-Identifier: MIT */
/*
 * static-arrays - 64 MiB of zeroed static memory and 2 MiB of initialised static memory are there, apart
 * and writable. Catches loaders that stop at the file's size or do not clear the rest of the last page.
 */
#include "conform.h"

static uint32_t zeroes[16 * 1024 * 1024];
static uint32_t values[512 * 1024] = { [0] = 1, [1000] = 2, [512 * 1024 - 1] = 3 };
static const char constant[] = "constant";
static char small_zero[100];

int main(void)
{
	size_t i;
	int bad = 0;

	for (i = 0; i < COUNT(zeroes); i += 64)
		bad += zeroes[i] != 0;
	for (i = 0; i < sizeof(small_zero); i++)
		bad += small_zero[i] != 0;
	equal(bad, 0, "zero");
	equal(values[0] + values[1000] + values[COUNT(values) - 1], 6, "initialised");
	for (i = 0; i < COUNT(zeroes); i += 1024)
		zeroes[i] = (uint32_t)i;
	for (i = 0; i < COUNT(zeroes); i += 1024)
		bad += zeroes[i] != i;
	equal(bad, 0, "keep what is written");
	equal(values[1000], 2, "apart from each other");
	check(caught(touch_write, (void *)(uintptr_t)constant).code == SEGV_ACCERR, "constants are read-only");
	return done();
}
