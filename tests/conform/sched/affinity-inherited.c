/* SPDX-License-Identifier: MIT */
/*
 * affinity-inherited - a new thread has its creator's mask, or the one of its attributes. Catches new threads
 * put on a core they may not use.
 */
#include "conform.h"

static cpu_set_t seen;
static int seen_cpu;

static void *look(void *arg)
{
	seen_cpu = sched_getcpu();
	must(sched_getaffinity(0, sizeof(seen), &seen));
	return arg;
}

int main(void)
{
	pthread_attr_t attr;
	cpu_set_t all, one;
	pthread_t t;
	int c = sched_getcpu();

	must(sched_getaffinity(0, sizeof(all), &all));
	CPU_ZERO(&one);
	CPU_SET(c, &one);
	must(sched_setaffinity(0, sizeof(one), &one));
	join(thread(look, NULL));
	check(CPU_EQUAL(&seen, &one) && seen_cpu == c, "inherited");
	zero(pthread_attr_init(&attr));
	zero(pthread_attr_setaffinity_np(&attr, sizeof(all), &all));
	zero(pthread_create(&t, &attr, look, NULL));
	join(t);
	check(CPU_EQUAL(&seen, &all), "by attribute");
	must(sched_setaffinity(0, sizeof(all), &all));
	join(thread(look, NULL));
	check(CPU_EQUAL(&seen, &all), "wide again");
	return done();
}
