/* SPDX-License-Identifier: MIT */
/*
 * vectors - readv, writev, preadv, pwritev and preadv2 gather and scatter, also empty parts and 1024 of them;
 * 1025 are EINVAL. Catches only the first part being moved.
 */
#include "conform.h"
#include <sys/uio.h>

int main(void)
{
	char a[4] = "", b[8] = "", many[1024] = "";
	struct iovec out[] = { { a, 0 }, { a, 3 }, { b, 5 } }, big[1025];
	volatile int negative = -1;
	int fd, i;

	enter_tempdir();
	fd = make_file("f", "", 0);
	memcpy(a, "abc", 3);
	memcpy(b, "defgh", 5);
	equal(writev(fd, out, 3), 8, "writev");
	memset(a, 0, 4);
	memset(b, 0, 8);
	must(lseek(fd, 0, SEEK_SET));
	equal(readv(fd, out, 3), 8, "readv");
	check(!memcmp(a, "abc", 3) && !memcmp(b, "defgh", 5), "their data");
	equal(preadv(fd, out, 3, 2), 6, "preadv");
	check(!memcmp(a, "cde", 3) && !memcmp(b, "fghgh", 5), "its data");
	equal(pwritev(fd, out, 3, 100), 8, "pwritev");
	equal(preadv2(fd, out, 3, 100, 0), 8, "preadv2");
	must(lseek(fd, 0, SEEK_SET));
	equal(preadv2(fd, out, 3, -1, 0), 8, "preadv2 at the offset");
	fails(preadv2(fd, out, 3, 0, 0x4000), EOPNOTSUPP, "unknown flag");
	for (i = 0; i < 1025; i++)
		big[i] = (struct iovec){ &many[i % 1024], 1 };
	must(lseek(fd, 0, SEEK_SET));
	equal(writev(fd, big, 1024), 1024, "1024 parts");
	fails(writev(fd, big, 1025), EINVAL, "1025 parts");
	fails(writev(fd, big, negative), EINVAL, "-1 parts");
	equal(writev(fd, big, 0), 0, "no part");
	out[1].iov_len = (size_t)-1;
	fails(writev(fd, out, 3), EINVAL, "an impossible length");
	return done();
}
