/* SPDX-License-Identifier: MIT */
/*
 * filesize - writing beyond RLIMIT_FSIZE raises SIGXFSZ and is EFBIG. Catches limits that are only stored.
 */
#include "conform.h"
#include <sys/resource.h>

static _Atomic int hits;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)info;
	(void)context;
	hits += sig == SIGXFSZ;
}

int main(void)
{
	struct rlimit r = { 1000, RLIM_INFINITY };
	char buffer[2000] = "";
	int fd;

	enter_tempdir();
	must(getrlimit(RLIMIT_FSIZE, &r));
	r.rlim_cur = 1000;
	must(setrlimit(RLIMIT_FSIZE, &r));
	handle(SIGXFSZ, handler, 0);
	fd = must(open("f", O_RDWR | O_CREAT, 0600));
	equal(write(fd, buffer, 2000), 1000, "up to the limit");
	fails(write(fd, buffer, 1), EFBIG, "and no further");
	equal(hits, 1, "signal");
	fails(ftruncate(fd, 2000), EFBIG, "ftruncate");
	return done();
}
