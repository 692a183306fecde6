/* SPDX-License-Identifier: MIT */
/*
 * setaffinity-migrates - after sched_setaffinity to one core the caller runs there, at once, by getcpu,
 * by rdtscp and by its mask. Catches lazy migration: libomp reads cpuid right after the call.
 */
#include "conform.h"
#include <x86intrin.h>

int main(void)
{
	cpu_set_t all, one;
	unsigned int cpu, node, aux, wrong = 0, wrong_tsc = 0, wrong_mask = 0;
	int c, round;

	must(sched_getaffinity(0, sizeof(all), &all));
	for (round = 0; round < 20; round++)
		for (c = 0; c < CPU_SETSIZE; c++) {
			if (!CPU_ISSET(c, &all))
				continue;
			CPU_ZERO(&one);
			CPU_SET(c, &one);
			must(sched_setaffinity(0, sizeof(one), &one));
			must(syscall(SYS_getcpu, &cpu, &node, NULL));
			wrong += cpu != (unsigned int)c || sched_getcpu() != c;
			__rdtscp(&aux);
			wrong_tsc += (aux & 0xfff) != (unsigned int)c;
			must(sched_getaffinity(0, sizeof(one), &one));
			wrong_mask += CPU_COUNT(&one) != 1 || !CPU_ISSET(c, &one);
		}
	equal(wrong, 0, "getcpu");
	equal(wrong_tsc, 0, "rdtscp");
	equal(wrong_mask, 0, "mask");
	must(sched_setaffinity(0, sizeof(all), &all));
	must(sched_getaffinity(0, sizeof(one), &one));
	check(CPU_EQUAL(&one, &all), "back to all");
	return done();
}
