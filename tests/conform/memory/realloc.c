/* SPDX-License-Identifier: MIT */
/*
 * realloc - a block that grows from bytes to 64 MiB and shrinks again keeps its content. Catches mremap as
 * realloc uses it.
 */
#include "conform.h"

int main(void)
{
	size_t len;
	unsigned char *p = NULL;
	int bad = 0;

	for (len = 16; len <= 64 * MIB; len *= 4) {
		p = realloc(p, len);
		p[len - 1] = (unsigned char)(len >> 5);
	}
	for (len = 16; len <= 64 * MIB; len *= 4)
		bad += p[len - 1] != (unsigned char)(len >> 5);
	equal(bad, 0, "grown");
	p = realloc(p, 300 * 1024);
	for (len = 16; len <= 256 * 1024; len *= 4)
		bad += p[len - 1] != (unsigned char)(len >> 5);
	equal(bad, 0, "shrunk");
	free(p);
	return done();
}
