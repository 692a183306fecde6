/* SPDX-License-Identifier: MIT */
/*
 * times - utimensat, futimens, utimes and UTIME_NOW and _OMIT set file times to the nanosecond. Catches
 * times cut to seconds.
 */
#include "conform.h"
#include <sys/time.h>

int main(void)
{
	struct timespec ts[2] = { { 1000, 123456789 }, { 2000, 987654321 } };
	struct timeval tv[2] = { { 5, 6 }, { 7, 8 } };
	struct stat st;
	int fd;

	enter_tempdir();
	fd = make_file("f", "x", 1);
	must(utimensat(AT_FDCWD, "f", ts, 0));
	must(stat("f", &st));
	check(st.st_atim.tv_sec == 1000 && st.st_atim.tv_nsec == 123456789, "access time");
	check(st.st_mtim.tv_sec == 2000 && st.st_mtim.tv_nsec == 987654321, "modification time");
	ts[0].tv_nsec = UTIME_OMIT;
	ts[1].tv_nsec = UTIME_NOW;
	must(futimens(fd, ts));
	must(stat("f", &st));
	equal(st.st_atim.tv_sec, 1000, "UTIME_OMIT");
	check(st.st_mtim.tv_sec >= now(CLOCK_REALTIME) / 1000000000 - 5, "UTIME_NOW");
	must(utimes("f", tv));
	must(stat("f", &st));
	equal(st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000, 7000008, "utimes");
	ts[0].tv_nsec = 2000000000;
	fails(futimens(fd, ts), EINVAL, "no time");
	return done();
}
