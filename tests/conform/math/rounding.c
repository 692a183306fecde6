/* SPDX-License-Identifier: MIT */
/*
 * rounding - the four rounding modes and the exception flags, in SSE and x87. Catches control words that
 * are not restored.
 */
#include "conform.h"
#include <fenv.h>
#include <math.h>

int main(void)
{
	volatile double one = 1, three = 3, tiny = 1e-310, huge = 1e308, zero = 0;
	volatile long double lone = 1, lthree = 3;
	double up, down;
	long double lup, ldown;

	fesetround(FE_UPWARD);
	up = one / three;
	lup = lone / lthree;
	check(nearbyint(1.2) == 2 && nearbyint(-1.2) == -1, "upward");
	fesetround(FE_DOWNWARD);
	down = one / three;
	ldown = lone / lthree;
	check(nearbyint(1.8) == 1 && nearbyint(-1.2) == -2, "downward");
	fesetround(FE_TOWARDZERO);
	check(nearbyint(1.8) == 1 && nearbyint(-1.8) == -1, "toward zero");
	fesetround(FE_TONEAREST);
	check(nearbyint(2.5) == 2 && nearbyint(3.5) == 4, "to nearest, even");
	check(nextafter(down, 1) == up, "a division rounded both ways");
	check(nextafterl(ldown, 1) == lup, "also in x87");
	feclearexcept(FE_ALL_EXCEPT);
	one = one / zero;
	equal(fetestexcept(FE_DIVBYZERO | FE_INVALID), FE_DIVBYZERO, "division by zero");
	feclearexcept(FE_ALL_EXCEPT);
	huge = huge * 10;
	check(fetestexcept(FE_OVERFLOW) && fetestexcept(FE_INEXACT), "overflow");
	feclearexcept(FE_ALL_EXCEPT);
	tiny = tiny / 3;
	check(fetestexcept(FE_UNDERFLOW) && tiny > 0, "underflow to a denormal");
	feclearexcept(FE_ALL_EXCEPT);
	three = zero / zero;
	check(fetestexcept(FE_INVALID) && isnan(three), "invalid");
	return done();
}
