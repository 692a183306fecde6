/* SPDX-License-Identifier: MIT */
/*
 * rlimits - every limit can be read by getrlimit and prlimit, soft limits lowered and raised, bad ones
 * refused; files are mapped and calls made within limits of descriptors and addresses. Catches zeroes where programs
 * size stacks and tables, limits that bind more than the program.
 */
#include "conform.h"
#include <sys/mman.h>
#include <sys/resource.h>

int main(void)
{
	struct rlimit r, old;
	int i, good = 0, zero = must(open("/dev/zero", O_RDONLY));

	for (i = 0; i < RLIMIT_NLIMITS; i++)
		good += getrlimit((unsigned int)i, &r) == 0 && r.rlim_cur <= r.rlim_max;
	equal(good, RLIMIT_NLIMITS, "all readable");
	must(getrlimit(RLIMIT_STACK, &r));
	check(r.rlim_cur >= 64 * 1024, "stack");
	must(getrlimit(RLIMIT_NOFILE, &r));
	check(r.rlim_cur >= 64, "descriptors");
	old = r;
	r.rlim_cur = 50;
	must(setrlimit(RLIMIT_NOFILE, &r));
	fails(fcntl(1, F_DUPFD, 50), EINVAL, "lowered");
	check(fcntl(1, F_DUPFD, 49) == 49, "the last one");
	equal(sysconf(_SC_OPEN_MAX), 50, "sysconf follows");
	i = must(open("/proc/self/exe", O_RDONLY));
	check(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, i, 0) != MAP_FAILED, "a file is mapped");
	must(prlimit(0, RLIMIT_NOFILE, &old, &r));
	equal(r.rlim_cur, 50, "prlimit gives the old one");
	check(fcntl(1, F_DUPFD, 60) == 60, "raised again");
	must(getrlimit(RLIMIT_AS, &old));
	r = (struct rlimit){ 256 << 20, old.rlim_max };
	must(setrlimit(RLIMIT_AS, &r));
	for (i = 0; i < 20; i++) {
		void *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		check(p != MAP_FAILED && read(zero, p, 1 << 20) == 1 << 20, "used in a call");
	}
	check(mmap(NULL, 512 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == ENOMEM,
	      "too many addresses");
	must(setrlimit(RLIMIT_AS, &old));
	r = (struct rlimit){ 10, 5 };
	fails(setrlimit(RLIMIT_NOFILE, &r), EINVAL, "soft above hard");
	fails(getrlimit(99, &r), EINVAL, "no such limit");
	return done();
}
