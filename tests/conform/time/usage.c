/* SPDX-License-Identifier: MIT */
/*
 * usage - times, clock and getrusage grow with the work, are sane, and refuse unknown targets. Catches
 * empty structs.
 */
#include "conform.h"
#include <sys/resource.h>
#include <sys/times.h>

static long long us(struct timeval tv)
{
	return tv.tv_sec * 1000000ll + tv.tv_usec;
}

int main(void)
{
	struct rusage before, after;
	struct tms t1, t2;
	clock_t c1 = clock(), e1 = times(&t1), e2;
	long long start = now(CLOCK_PROCESS_CPUTIME_ID);
	volatile char *p;
	size_t i;

	must(getrusage(RUSAGE_SELF, &before));
	p = anon(16 * MIB);
	for (i = 0; i < 16 * MIB; i += PAGE)
		p[i] = 1;
	while (now(CLOCK_PROCESS_CPUTIME_ID) - start < 60 * MS)
		;
	must(getrusage(RUSAGE_SELF, &after));
	e2 = times(&t2);
	check(us(after.ru_utime) + us(after.ru_stime) >= us(before.ru_utime) + us(before.ru_stime), "never back");
	check(us(after.ru_utime) + us(after.ru_stime) >= 30000, "rusage: time used");
	check(after.ru_maxrss >= 16 * 1024, "rusage: memory used");
	check(after.ru_minflt >= before.ru_minflt, "rusage: faults");
	check(clock() - c1 > 20000, "clock");
	check(e1 != -1 && e2 >= e1, "times: real");
	check(t2.tms_utime + t2.tms_stime >= t1.tms_utime + t1.tms_stime + 2, "times: used");
	equal(t2.tms_cutime + t2.tms_cstime, 0, "times: no children");
	must(getrusage(RUSAGE_THREAD, &after));
	check(us(after.ru_utime) + us(after.ru_stime) >= 30000, "rusage of the thread");
	must(getrusage(RUSAGE_CHILDREN, &after));
	equal(us(after.ru_utime), 0, "rusage of no children");
	fails(getrusage(77, &after), EINVAL, "unknown target");
	return done();
}
