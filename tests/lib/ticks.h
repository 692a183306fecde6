/* SPDX-License-Identifier: MIT */
/*
 * ticks.h - the time stamp counter, and system calls as bare as it is read.
 *
 * For programs that count what operations take: on an isle, on Linux, and as Linux's first program.
 */
#ifndef TICKS_H
#define TICKS_H

#include <stdint.h>

static inline uint64_t ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) :: "memory");
	return (uint64_t)high << 32 | low;
}

/* As the kernel returns it: a result or -errno. */
static inline long call(long nr, long a0, long a1, long a2)
{
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(nr), "D"(a0), "S"(a1), "d"(a2) : "rcx", "r11", "memory");
	return result;
}

#endif
