/* SPDX-License-Identifier: MIT */
/*
 * calendar - local time, time zones and formatting work, with TZ and with the system's zone files. Catches
 * zone files not found.
 */
#include "conform.h"

int main(void)
{
	time_t t = 1000000000;
	char text[64];
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %a", &tm);
	check(!strcmp(text, "2001-09-09 01:46:40 Sun"), "UTC");
	setenv("TZ", "XYZ-2", 1);
	tzset();
	localtime_r(&t, &tm);
	equal(tm.tm_hour * 100 + tm.tm_min, 346, "a zone by rule");
	equal(mktime(&tm), t, "and back");
	check(strptime("2020-02-29", "%Y-%m-%d", &tm) && tm.tm_yday == 59, "strptime");
	return done();
}
