// SPDX-License-Identifier: MIT
/*
 * run.c - runs the self-tests one after the other, and says what came out.
 */
#include <kern/selftest.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <kern/fmt.h>
#include <kern/log.h>

static bool failed;
static char why[160];

void selftest_fail(const char *format, ...)
{
	va_list args;

	if (failed)
		return;
	failed = true;
	va_start(args, format);
	fmt_vprint(why, sizeof(why), format, args);
	va_end(args);
}

uint32_t selftest_run(void)
{
	static const struct selftest *const lists[] = {
		selftests_memory, selftests_trap, selftests_cpu,
	};
	uint32_t nr_passed = 0, nr_failed = 0;
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct selftest *test;

		for (test = lists[i]; test->name; test++) {
			failed = false;
			test->run();
			if (failed)
				log_error("selftest: FAIL %s: %s", test->name, why);
			else
				log_info("selftest: ok %s", test->name);
			nr_failed += failed;
			nr_passed += !failed;
		}
	}
	log_info("selftest: %u passed, %u failed", nr_passed, nr_failed);
	return nr_failed;
}
