/* SPDX-License-Identifier: MIT */
/*
 * noise.h - what the kernel did to a thread, from whoever can tell: the isle's counters or Linux.
 *
 * A source gives running totals of the calling thread; the tool takes differences. Kinds that a
 * source does not know are left out of the report instead of printed as 0, so that a report from
 * Linux and one from an isle can be laid side by side.
 */
#ifndef OMPT_NOISE_H
#define OMPT_NOISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(ID, "json key", "column", "meaning") */
#define NOISE_LIST(X) \
	X(OFF_NS,      "off_core_ns",  "OFF-CORE",  "time the thread was not on a core") \
	X(KERNEL_NS,   "kernel_ns",    "KERNEL",    "time the core was in the kernel") \
	X(FAULTS,      "page_faults",  "FAULTS",    "page faults that needed no device") \
	X(SLOW_FAULTS, "slow_faults",  "SLOW",      "page faults that waited for a device") \
	X(PREEMPTED,   "preempted",    "PREEMPTED", "switches that the thread did not ask for") \
	X(BLOCKED,     "blocked",      "BLOCKED",   "switches because the thread waited") \
	X(INTERRUPTS,  "interrupts",   "IRQS",      "interrupts taken by the thread's core") \
	X(CALLS,       "calls",        "CALLS",     "calls that Linux made for the isle")

enum noise_kind {
#define NOISE_ENUM(id, key, column, meaning) NOISE_##id,
	NOISE_LIST(NOISE_ENUM)
#undef NOISE_ENUM
	NR_NOISE
};

struct noise_source {
	const char *name;
	const char *what;    /* where the numbers come from, one line */
	unsigned int known;  /* bit 1 << NOISE_* for each kind it tells */
	bool cheap;          /* reading costs no system call: no need to sample */
	bool ticks;          /* times are ticks of the TSC */
	/* 0 if the source works here, else -errno and a sentence in why. */
	int (*open)(char *why, size_t size);
	/* Running totals of the calling thread. No locks, no allocation. */
	void (*read)(uint64_t total[NR_NOISE]);
};

extern const struct noise_source noise_isle, noise_linux, noise_none;

/*
 * The source to use: name "isle", "linux" or "none", or NULL for the best that works. isle_why says
 * why an isle's counters are not the ones (empty if they are). Never NULL.
 */
const struct noise_source *noise_choose(const char *name, char *isle_why, size_t size);

/* Whether a kind is a time. */
static inline bool noise_is_time(unsigned int kind)
{
	return kind == NOISE_OFF_NS || kind == NOISE_KERNEL_NS;
}

/* Key, column and meaning of a kind. */
const char *noise_key(unsigned int kind);
const char *noise_column(unsigned int kind);

#endif
