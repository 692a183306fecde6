/* SPDX-License-Identifier: MIT */
/*
 * free-addresses - addresses anywhere in the user half that msync says are free can be mapped there and used
 * by system calls. MPICH places its windows so. Catches the proxy's own mappings lying in the way unseen.
 */
#include "conform.h"

int main(void)
{
	uint64_t x = 88172645463325252ull;
	int i, tried = 0, mapped = 0, used = 0, fd;

	enter_tempdir();
	fd = make_file("f", "data", 4);
	for (i = 0; i < 400 && tried < 100; i++) {
		char *p, *q;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		p = (char *)(uintptr_t)(x % (1ull << 47) & ~(2 * MIB - 1));
		if (p < (char *)(uintptr_t)MIB || msync(p, 2 * PAGE, 0) == 0 || errno != ENOMEM)
			continue;
		tried++;
		q = mmap(p, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
		mapped += q == p;
		used += q == p && pread(fd, p + PAGE - 2, 4, 0) == 4 && !memcmp(p + PAGE - 2, "data", 4);
	}
	equal(tried, 100, "free ones found");
	equal(mapped, 100, "mapped");
	equal(used, 100, "used by a call");
	return done();
}
