/* SPDX-License-Identifier: MIT */
/*
 * percpu.h - a thread of the test process stands for a core.
 */
#ifndef ARCH_PERCPU_H
#define ARCH_PERCPU_H

#include <stdint.h>

struct cpu;
struct thread;

struct arch_cpu {
	uint32_t unused;
};

/* This thread's core; row 0 unless host_cpu_enter said otherwise. */
struct cpu *this_cpu(void);
/* The isle's thread that it runs: what a test has made current. */
struct thread *this_cpu_thread(void);

static inline void percpu_add(uint64_t *counter, uint64_t n)
{
	*counter += n;
}

#endif
