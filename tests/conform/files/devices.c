/* SPDX-License-Identifier: MIT */
/*
 * devices - /dev/null, /dev/zero, /dev/urandom and getrandom. Catches devices that are not there for
 * forwarded calls.
 */
#include "conform.h"
#include <sys/random.h>

int main(void)
{
	unsigned char a[64], b[64], zero[64] = { 0 };
	int fd = must(open("/dev/null", O_RDWR));

	equal(write(fd, a, 64), 64, "null swallows");
	equal(read(fd, a, 64), 0, "and gives nothing");
	fd = must(open("/dev/zero", O_RDWR));
	memset(a, 1, 64);
	equal(read(fd, a, 64), 64, "zero");
	check(!memcmp(a, zero, 64), "is zero");
	fd = must(open("/dev/urandom", O_RDONLY));
	must(read(fd, a, 64));
	must(read(fd, b, 64));
	check(memcmp(a, b, 64) && memcmp(a, zero, 64), "urandom");
	equal(getrandom(a, 64, 0), 64, "getrandom");
	equal(getrandom(b, 64, GRND_NONBLOCK), 64, "getrandom without waiting");
	check(memcmp(a, b, 64), "not twice the same");
	fails(getrandom(a, 64, 0x100), EINVAL, "unknown flag");
	equal(getentropy(a, 64), 0, "getentropy");
	return done();
}
