/* SPDX-License-Identifier: MIT */
/*
 * clocks-agree - time, gettimeofday, clock_gettime and a file's new time agree; monotonic and raw clocks
 * run at the same pace. Catches a wrong TSC frequency or offset.
 */
#include "conform.h"
#include <sys/time.h>

int main(void)
{
	long long real, mono, raw, file;
	struct timeval tv, tv2;
	struct stat st;
	time_t t;
	int fd;

	must(gettimeofday(&tv, NULL));
	real = now(CLOCK_REALTIME);
	must(gettimeofday(&tv2, NULL));
	check(tv.tv_sec * 1000000000ll + tv.tv_usec * 1000ll <= real, "gettimeofday before");
	check(tv2.tv_sec * 1000000000ll + tv2.tv_usec * 1000ll + 1000 >= real, "gettimeofday behind");
	t = time(NULL);
	check(t >= tv.tv_sec - 1 && t <= tv2.tv_sec + 1, "time");
	enter_tempdir();
	fd = make_file("f", "x", 1);
	must(fstat(fd, &st));
	file = st.st_mtim.tv_sec * 1000000000ll + st.st_mtim.tv_nsec;
	check(file > real - 100 * MS && file < now(CLOCK_REALTIME) + 100 * MS, "a file's time");
	mono = now(CLOCK_MONOTONIC);
	raw = now(CLOCK_MONOTONIC_RAW);
	sleep_ms(100);
	mono = now(CLOCK_MONOTONIC) - mono;
	raw = now(CLOCK_MONOTONIC_RAW) - raw;
	check(mono - raw < 5 * MS && raw - mono < 5 * MS, "the same pace");
	return done();
}
