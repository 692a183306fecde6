/* SPDX-License-Identifier: MIT */
/*
 * counters.h - the counters of the core that a program runs on, read by the program itself: on an isle, without a call.
 */
#ifndef TEST_COUNTERS_H
#define TEST_COUNTERS_H

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#include <isle/counters.h>

/* Of this core, for good if the thread does not move; NULL: this is no isle. */
static inline const volatile uint64_t *counters_here(void)
{
	void *vdso = dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);
	const struct isle_counters *(*get)(void);
	const struct isle_counters *page;

	*(void **)&get = vdso ? dlsym(vdso, "__vdso_isle_counters") : NULL;
	page = get ? get() : NULL;
	return page ? page->named : NULL;
}

/* What has happened since a snapshot; the snapshot becomes now. */
struct counters {
	uint64_t named[ISLE_NR_COUNTERS];
};

static inline void counters_take(const volatile uint64_t *here, struct counters *to)
{
	unsigned int i;

	for (i = 0; i < ISLE_NR_COUNTERS; i++)
		to->named[i] = here[i];
}

static inline uint64_t counters_since(const volatile uint64_t *here, const struct counters *from, unsigned int which)
{
	return here[which] - from->named[which];
}

#endif
