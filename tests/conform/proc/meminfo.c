/* SPDX-License-Identifier: MIT */
/*
 * meminfo - /proc/meminfo has the lines that programs look for, with sane values.
 */
#include "conform.h"

static long kib(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

int main(void)
{
	char *text = slurp("/proc/meminfo");
	long total = kib(text, "MemTotal:");

	check(total > 16 * 1024, "MemTotal");
	check(kib(text, "MemFree:") > 0 && kib(text, "MemFree:") <= total, "MemFree");
	check(kib(text, "MemAvailable:") > 0 && kib(text, "MemAvailable:") <= total, "MemAvailable");
	check(kib(text, "HugePages_Total:") >= 0, "HugePages_Total");
	equal(kib(text, "Hugepagesize:"), 2048, "Hugepagesize");
	return done();
}
