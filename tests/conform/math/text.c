/* SPDX-License-Identifier: MIT */
/*
 * text - numbers print and read back to the same bits: decimal, hexadecimal, long double, extremes. Catches
 * x87 state lost in conversions.
 */
#include "conform.h"
#include <float.h>
#include <math.h>

int main(void)
{
	static const double list[] = { 0.1, 1.0 / 3, DBL_MAX, DBL_MIN, 4.9406564584124654e-324, 123456789.123456789,
		-0.0 };
	long double pi = 3.14159265358979323846264338327950288L;
	char text[512];
	size_t i;
	int good = 0;

	for (i = 0; i < COUNT(list); i++) {
		snprintf(text, sizeof(text), "%.17g", list[i]);
		good += strtod(text, NULL) == list[i];
		snprintf(text, sizeof(text), "%a", list[i]);
		good += strtod(text, NULL) == list[i];
	}
	equal(good, 2 * COUNT(list), "there and back");
	snprintf(text, sizeof(text), "%.21Lg", pi);
	check(strtold(text, NULL) == pi, "long double");
	snprintf(text, sizeof(text), "%.20f|%e|%g|%Lf", 0.1, 12345.678, 1e-5, pi);
	check(!strcmp(text, "0.10000000000000000555|1.234568e+04|1e-05|3.141593"), "known texts");
	check(strtoull("0xffffffffffffffff", NULL, 0) == UINT64_MAX && strtol("-77", NULL, 8) == -63, "integers");
	check(isinf(strtod("inf", NULL)) && isnan(strtod("nan", NULL)), "inf and nan");
	return done();
}
