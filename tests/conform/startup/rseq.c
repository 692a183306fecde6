/* SPDX-License-Identifier: MIT */
/*
 * rseq - restartable sequences are either registered by the C library, with the right core in their area,
 * or not offered at all. Catches an auxiliary vector that promises what the kernel does not do.
 */
#include "conform.h"
#include <sys/auxv.h>
#include <sys/rseq.h>

int main(void)
{
	struct rseq *area = (struct rseq *)(void *)((char *)__builtin_thread_pointer() + __rseq_offset);
	cpu_set_t one;
	int cpu = sched_getcpu();

	if (!__rseq_size) {
		check(1, "consistent");
		return done();
	}
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	must(sched_setaffinity(0, sizeof(one), &one));
	check((int)area->cpu_id == cpu, "consistent");
	return done();
}
