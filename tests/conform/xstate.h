/* SPDX-License-Identifier: MIT */
/*
 * xstate.h - threads that each keep a pattern in their registers while others on the same core do the same.
 *
 * They stay on one core, so that every look needs a switch; they spin, yield and call the kernel by turns.
 */
#ifndef XSTATE_H
#define XSTATE_H

#include "conform.h"

#define KEEPERS 4

static _Atomic int xstate_bad;
static int (*xstate_keep)(unsigned int seed);

UNUSED static void *xstate_thread(void *arg)
{
	unsigned int i;

	for (i = 0; i < 150; i++)
		xstate_bad += xstate_keep((unsigned int)(uintptr_t)arg * 1000 + i) != 0;
	return NULL;
}

/* keep fills registers from the seed, lets others run by calling sched_yield, and returns what it finds changed. */
UNUSED static int kept(int (*keep)(unsigned int seed))
{
	pthread_t t[KEEPERS];
	cpu_set_t one, all;
	int i, cpu = sched_getcpu();

	xstate_keep = keep;
	xstate_bad = 0;
	must(sched_getaffinity(0, sizeof(all), &all));
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	must(sched_setaffinity(0, sizeof(one), &one));
	for (i = 0; i < KEEPERS; i++)
		t[i] = thread(xstate_thread, (void *)(uintptr_t)(i + 1));
	for (i = 0; i < KEEPERS; i++)
		join(t[i]);
	must(sched_setaffinity(0, sizeof(all), &all));
	return xstate_bad == 0;
}

/* The call that switches, without a library that might use the registers itself. */
#define YIELD "mov $24, %%eax\n\tsyscall\n\t"

#endif
