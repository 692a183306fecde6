/* SPDX-License-Identifier: MIT */
/*
 * libm - results of the C library's functions are those known, and print the same bits. Catches registers
 * lost in the middle of a computation and processor features that differ from those the library chose by.
 */
#include "conform.h"
#include <complex.h>
#include <math.h>

static uint64_t bits(double d)
{
	uint64_t u;

	memcpy(&u, &d, sizeof(u));
	return u;
}

int main(void)
{
	volatile double x = 0.7, y = 1.3;
	double complex z = 0.3 + 0.4 * I;
	uint64_t hash = 0;
	int i;

	check(fabs(sin(x) * sin(x) + cos(x) * cos(x) - 1) < 1e-15, "sine and cosine");
	check(fabs(log(exp(y)) - y) < 1e-15 && fabs(pow(y, 2) - y * y) < 1e-15, "exponentials");
	check(sqrt(2.0 * x) == 1.1832159566199232 && bits(sqrt(2.0 * x)) == 0x3ff2ee73dadc9b57, "square root, exactly");
	check(fma(x, y, -x * y) == fma(x, y, -(x * y)) && fabs(fma(x, y, -x * y)) < 1e-15, "fma");
	check(cabs(z) == 0.5 && fabs(creal(csqrt(z * z)) - 0.3) < 1e-15, "complex");
	check(isnan(sqrt(-x)) && isinf(exp(1000 * x * 2)) && floor(-x) == -1 && lround(2.5) == 3, "special values");
	check(ldexp(x, 10) == 716.8 && nextafter(1, 2) == 1.0000000000000002, "exact operations");
	for (i = 1; i < 5000; i++)
		hash = hash * 31 + bits(sin(i * x)) + bits(exp(-i / 1000.0)) + bits(log(i * y)) + bits(atan2(i, y)) +
		       bits(pow(i, x)) + bits(tgamma(1 + i / 100.0 - floor(i / 100.0))) + bits(cbrt(i)) +
		       bits(erf(i / 5000.0));
	printf("bits of 40000 results: %016llx\n", (unsigned long long)hash);
	return done();
}
