/* SPDX-License-Identifier: MIT */
/*
 * unit.c - runs the tests of all test_*.c.
 */
#include "check.h"

int main(void)
{
	return check_main(NULL);
}
