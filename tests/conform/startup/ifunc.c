/* SPDX-License-Identifier: MIT */
/*
 * ifunc - an indirect function is resolved at start by what cpuid says. Catches relocations left out in
 * static programs.
 */
#include "conform.h"

static int yes(void)
{
	return 1;
}

static int (*choose(void))(void)
{
	return yes;
}

int chosen(void) __attribute__((ifunc("choose")));

static void weak_one(void) __attribute__((weakref("not_there_at_all")));

int main(void)
{
	int (*volatile by_pointer)(void) = chosen;

	equal(chosen(), 1, "called");
	equal(by_pointer(), 1, "by pointer");
	check(!weak_one, "a weak symbol is null");
	return done();
}
