/* SPDX-License-Identifier: MIT */
/*
 * selftest.h - tests that the kernel runs on itself, on the cores and the memory it was given.
 */
#ifndef KERN_SELFTEST_H
#define KERN_SELFTEST_H

#include <stdint.h>

/* Runs all; one line each in the log. Returns how many failed. */
uint32_t selftest_run(void);

struct selftest {
	const char *name;
	void (*run)(void);
};

/*
 * Ends nothing, but notes that the running test failed, and why; only the first reason is printed.
 */
__attribute__((format(printf, 1, 2)))
void selftest_fail(const char *format, ...);

#define selftest_expect(cond) \
	do { \
		if (!(cond)) \
			selftest_fail("%s does not hold (line %d)", #cond, __LINE__); \
	} while (0)

/* The lists, by file of selftest/; each ends with a NULL name. */
extern const struct selftest selftests_memory[];
extern const struct selftest selftests_trap[];
extern const struct selftest selftests_cpu[];

#endif
