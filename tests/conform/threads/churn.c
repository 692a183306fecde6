/* SPDX-License-Identifier: MIT */
/*
 * churn - a thousand threads one after the other: create, use a stack, join. Catches leaks of slots, stacks
 * and tids.
 */
#include "conform.h"

static void *work(void *arg)
{
	volatile char use[16384];

	use[0] = 1;
	use[sizeof(use) - 1] = (char)(uintptr_t)arg;
	return (void *)(uintptr_t)(use[0] + use[sizeof(use) - 1] - use[sizeof(use) - 1]);
}

int main(void)
{
	uintptr_t sum = 0, i;

	for (i = 0; i < 1000; i++)
		sum += (uintptr_t)join(thread(work, (void *)i));
	equal(sum, 1000, "threads ran");
	return done();
}
