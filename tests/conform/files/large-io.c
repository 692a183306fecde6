/* SPDX-License-Identifier: MIT */
/*
 * large-io - 8 MiB are written and read in one call each, byte for byte, also at an odd address. Catches
 * windows smaller than a call.
 */
#include "conform.h"

int main(void)
{
	size_t len = 8 * MIB, i;
	unsigned char *out = anon(len + PAGE), *in = anon(len + PAGE);
	uint32_t x = 1;
	int fd;

	for (i = 0; i < len; i++) {
		x = x * 1664525u + 1013904223u;
		out[i + 13] = (unsigned char)(x >> 24);
	}
	enter_tempdir();
	fd = make_file("f", "", 0);
	equal(write(fd, out + 13, len), (long)len, "write");
	equal(pread(fd, in + 7, len, 0), (long)len, "read");
	check(!memcmp(out + 13, in + 7, len), "the same");
	check(in[6] == 0 && in[len + 7] == 0, "and not a byte more");
	return done();
}
