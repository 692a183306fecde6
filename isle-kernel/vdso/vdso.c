// SPDX-License-Identifier: MIT
/*
 * vdso.c - the image that every program finds by AT_SYSINFO_EHDR: clocks, and the counters of the core, without a
 * system call.
 *
 * It runs in the program, on the program's stack: no data of its own, no relocations, no calls out. The
 * same arithmetic as time/clock.c, so that both tell the same. What it does not know it asks the kernel.
 */
#include <stddef.h>
#include <stdint.h>

#include <isle/counters.h>

#include "data.h"

#define EXPORT        __attribute__((visibility("default")))
#define NS            1000000000ull
#define SYS_GETTIME   228
#define SYS_GETRES    229

/* Sets of clock ids (linux/time.h): real time, coarse, alarm, TAI; monotonic, raw, coarse, boot time, alarm. */
#define REALTIME_IDS   (1u << 0 | 1u << 5 | 1u << 8 | 1u << 11)
#define MONOTONIC_IDS  (1u << 1 | 1u << 4 | 1u << 6 | 1u << 7 | 1u << 9)

struct timespec {
	int64_t sec, nsec;
};

struct timeval {
	int64_t sec, usec;
};

/* Placed by the linker script, a page below the image. */
extern const struct vdso_data vdso_data __attribute__((visibility("hidden")));

int __vdso_clock_gettime(int32_t id, struct timespec *at);
int __vdso_clock_getres(int32_t id, struct timespec *at);
int __vdso_gettimeofday(struct timeval *at, int32_t zone[2]);
int64_t __vdso_time(int64_t *at);
int __vdso_getcpu(uint32_t *cpu, uint32_t *node, void *unused);
const struct isle_counters *__vdso_isle_counters(void);

static inline int kernel_call(long nr, int32_t id, struct timespec *at)
{
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(nr), "D"((long)id), "S"(at) : "rcx", "r11", "memory");
	return (int)result;
}

/* A clock's nanoseconds. */
static inline uint64_t clock_ns(uint32_t which)
{
	uint32_t low, high;
	uint64_t ticks;

	/* LFENCE: not before what the program did so far (Intel SDM vol. 2, RDTSC). */
	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) :: "memory");
	ticks = ((uint64_t)high << 32 | low) - vdso_data.tsc_base;
	return vdso_data.base_ns[which] + (uint64_t)((unsigned __int128)ticks * vdso_data.ns_per_tick >> 32);
}

EXPORT int __vdso_clock_gettime(int32_t id, struct timespec *at)
{
	uint32_t bit = (uint32_t)id < 32 ? 1u << id : 0;
	uint64_t ns;

	if (!(bit & (REALTIME_IDS | MONOTONIC_IDS)))
		return kernel_call(SYS_GETTIME, id, at);
	ns = clock_ns(bit & REALTIME_IDS ? VDSO_REALTIME : VDSO_MONOTONIC);
	at->sec = (int64_t)(ns / NS);
	at->nsec = (int64_t)(ns % NS);
	return 0;
}

EXPORT int __vdso_clock_getres(int32_t id, struct timespec *at)
{
	if ((uint32_t)id >= 32 || !(1u << id & (REALTIME_IDS | MONOTONIC_IDS)))
		return kernel_call(SYS_GETRES, id, at);
	if (at) {
		at->sec = 0;
		at->nsec = 1;
	}
	return 0;
}

EXPORT int __vdso_gettimeofday(struct timeval *at, int32_t zone[2])
{
	uint64_t ns = clock_ns(VDSO_REALTIME);

	if (at) {
		at->sec = (int64_t)(ns / NS);
		at->usec = (int64_t)(ns % NS / 1000);
	}
	if (zone)
		zone[0] = zone[1] = 0;
	return 0;
}

EXPORT int64_t __vdso_time(int64_t *at)
{
	int64_t now = (int64_t)(clock_ns(VDSO_REALTIME) / NS);

	if (at)
		*at = now;
	return now;
}

EXPORT int __vdso_getcpu(uint32_t *cpu, uint32_t *node, void *unused)
{
	uint32_t limit;

	(void)unused;
	__asm__ volatile("lsl %1, %0" : "=r"(limit) : "r"(VDSO_CPU_SELECTOR));
	if (cpu)
		*cpu = limit & ((1u << VDSO_CPU_BITS) - 1);
	if (node)
		*node = limit >> VDSO_CPU_BITS;
	return 0;
}

EXPORT const struct isle_counters *__vdso_isle_counters(void)
{
	const struct isle_counters *end = (const struct isle_counters *)&vdso_data;
	uint32_t cpu, row;

	__vdso_getcpu(&cpu, NULL, NULL);
	row = cpu < VDSO_CPUS ? vdso_data.row[cpu] : 0;
	return row && row <= vdso_data.nr_rows ? end - vdso_data.nr_rows + (row - 1) : NULL;
}

/* The names that older programs look for. */
#define ALIAS(type, name, args) \
	EXPORT __attribute__((weak, alias("__vdso_" #name))) type name args
ALIAS(int, clock_gettime, (int32_t id, struct timespec *at));
ALIAS(int, clock_getres, (int32_t id, struct timespec *at));
ALIAS(int, gettimeofday, (struct timeval *at, int32_t zone[2]));
ALIAS(int64_t, time, (int64_t *at));
ALIAS(int, getcpu, (uint32_t *cpu, uint32_t *node, void *unused));
