// SPDX-License-Identifier: MIT
/*
 * noise.c - the sources: counters of an isle, resource usage of Linux, nothing.
 *
 * The isle kernel shows a program the counters of its cores (abi/isle/counters.h), and the vDSO has a symbol that gives
 * the page of the core the caller runs on: reading them is a handful of loads. They are a core's, so they are a
 * thread's if it is alone on its core and stays there, which is what an isle's settings see to. Linux's vDSO has no
 * such symbol.
 */
#include "noise.h"

#include <isle/counters.h>

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const struct isle_counters *(*isle_counters)(void);

static int isle_open(char *why, size_t size)
{
	/* The C library knows the vDSO by this name. Of a program without one it knows nothing. */
	void *vdso = dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);

	*(void **)&isle_counters = vdso ? dlvsym(vdso, "__vdso_isle_counters", "LINUX_2.6") : NULL;
	if (vdso)
		dlclose(vdso);
	if (isle_counters && isle_counters())
		return 0;
	isle_counters = NULL;
	snprintf(why, size, "the vDSO has none: this is not an isle");
	return -ENOENT;
}

/* Each word is written by this core only, so none changes while it is read; interrupts may come between two. */
static void isle_read(uint64_t total[NR_NOISE])
{
	const struct isle_counters *page = isle_counters();
	const volatile uint64_t *named = page ? page->named : NULL;

	memset(total, 0, NR_NOISE * sizeof(*total));
	if (!named)
		return;
	total[NOISE_OFF_NS] = named[ISLE_COUNTER_IDLE_TSC];
	total[NOISE_KERNEL_NS] = named[ISLE_COUNTER_KERNEL_TSC] + named[ISLE_COUNTER_INTERRUPT_TSC];
	total[NOISE_FAULTS] = named[ISLE_COUNTER_PAGE_FAULTS];
	total[NOISE_PREEMPTED] = named[ISLE_COUNTER_SWITCHES];
	total[NOISE_INTERRUPTS] = named[ISLE_COUNTER_INTERRUPTS];
	total[NOISE_CALLS] = named[ISLE_COUNTER_SYSCALLS_FORWARDED];
}

static void read_nothing(uint64_t total[NR_NOISE])
{
	memset(total, 0, NR_NOISE * sizeof(*total));
}

const struct noise_source noise_isle = {
	.name = "isle",
	.what = "counters of the isle's cores",
	.known = 1u << NOISE_OFF_NS | 1u << NOISE_KERNEL_NS | 1u << NOISE_FAULTS | 1u << NOISE_PREEMPTED |
		 1u << NOISE_INTERRUPTS | 1u << NOISE_CALLS,
	.cheap = true,
	.ticks = true,
	.open = isle_open,
	.read = isle_read,
};

static int linux_open(char *why, size_t size)
{
	struct rusage usage;

	if (getrusage(RUSAGE_THREAD, &usage) == 0)
		return 0;
	snprintf(why, size, "getrusage of a thread: %s", strerror(errno));
	return -errno;
}

static uint64_t ns_of(const struct timeval *tv)
{
	return (uint64_t)tv->tv_sec * 1000000000u + (uint64_t)tv->tv_usec * 1000u;
}

/*
 * Off the core is what the clock ran beyond the thread's own CPU time. Both ends of a difference
 * spend the same time in here, so it cancels. User and system time are microseconds: one
 * difference may be off by 2 us in either direction.
 */
static void linux_read(uint64_t total[NR_NOISE])
{
	struct timespec now;
	struct rusage usage;

	memset(&usage, 0, sizeof(usage));
	clock_gettime(CLOCK_MONOTONIC, &now);
	getrusage(RUSAGE_THREAD, &usage);
	total[NOISE_OFF_NS] = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec -
			      ns_of(&usage.ru_utime) - ns_of(&usage.ru_stime);
	total[NOISE_KERNEL_NS] = ns_of(&usage.ru_stime);
	total[NOISE_FAULTS] = (uint64_t)usage.ru_minflt;
	total[NOISE_SLOW_FAULTS] = (uint64_t)usage.ru_majflt;
	total[NOISE_PREEMPTED] = (uint64_t)usage.ru_nivcsw;
	total[NOISE_BLOCKED] = (uint64_t)usage.ru_nvcsw;
	total[NOISE_INTERRUPTS] = total[NOISE_CALLS] = 0;
}

const struct noise_source noise_linux = {
	.name = "linux",
	.what = "getrusage of each thread",
	.known = 1u << NOISE_OFF_NS | 1u << NOISE_KERNEL_NS | 1u << NOISE_FAULTS | 1u << NOISE_SLOW_FAULTS |
		 1u << NOISE_PREEMPTED | 1u << NOISE_BLOCKED,
	.cheap = false,
	.open = linux_open,
	.read = linux_read,
};

static int none_open(char *why, size_t size)
{
	(void)why;
	(void)size;
	return 0;
}

const struct noise_source noise_none = {
	.name = "none",
	.what = "not measured",
	.cheap = true,
	.open = none_open,
	.read = read_nothing,
};

const struct noise_source *noise_choose(const char *name, char *isle_why, size_t size)
{
	char why[128] = "";

	isle_why[0] = 0;
	if (name && !strcmp(name, "none")) {
		snprintf(isle_why, size, "not asked for");
		return &noise_none;
	}
	if (name && !strcmp(name, "linux"))
		snprintf(isle_why, size, "not asked for");
	else if (noise_isle.open(isle_why, size) == 0)
		return &noise_isle;
	if (name && !strcmp(name, "isle"))
		return &noise_none;
	return noise_linux.open(why, sizeof(why)) == 0 ? &noise_linux : &noise_none;
}

const char *noise_key(unsigned int kind)
{
	static const char *const keys[] = {
#define NOISE_KEY(id, key, column, meaning) [NOISE_##id] = key,
		NOISE_LIST(NOISE_KEY)
	};

	return keys[kind];
}

const char *noise_column(unsigned int kind)
{
	static const char *const columns[] = {
#define NOISE_COLUMN(id, key, column, meaning) [NOISE_##id] = column,
		NOISE_LIST(NOISE_COLUMN)
	};

	return columns[kind];
}
