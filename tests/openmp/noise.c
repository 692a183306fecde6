// SPDX-License-Identifier: MIT
/*
 * noise.c - does things of which a source of noise must know how much the kernel did; run on an isle.
 *
 * Built twice. As noise-source: one thread and the source alone, prints TAP. With OpenMP: regions of two threads, one a
 * function, for noise.sh to find in the report of the tool. Catches: noise that is not seen, or seen where there is
 * none, and imbalance that is taken for noise.
 */
#include "noise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGES  64u
#define CALLS  20
#define TURNS  200000
#define TIMES  20

static volatile double sink;

/* Without a call, a page or an interrupt that it asks for. */
__attribute__((noinline)) static void compute(int turns)
{
	double sum = 0;
	int i;

	for (i = 1; i <= turns; i++)
		sum += 1.0 / i;
	sink = sum;
}

/* Memory that no page is there of. */
static char *fresh(void)
{
	char *p = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	madvise(p, PAGES * 4096, MADV_NOHUGEPAGE);
	return p;
}

static void touch(char *p)
{
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		p[i * 4096] = 1;
}

static void ask(void)
{
	int i;

	for (i = 0; i < CALLS; i++)
		getppid();
}

#ifdef _OPENMP
/* Regions that the report can name. */
void warm(char *const *p);
void quiet(void);
void pages(char *const *p);
void calls(void);
void uneven(void);

void warm(char *const *p)
{
#pragma omp parallel num_threads(2)
	{
		compute(TURNS);
		touch(p[sink > 1e9]);
		ask();
	}
}

void quiet(void)
{
#pragma omp parallel num_threads(2)
	compute(TURNS);
}

void pages(char *const *p)
{
#pragma omp parallel num_threads(2)
#pragma omp for
	for (int i = 0; i < 2; i++)
		touch(p[i]);
}

void calls(void)
{
#pragma omp parallel num_threads(2)
	ask();
}

void uneven(void)
{
#pragma omp parallel num_threads(2)
#pragma omp for schedule(static, 1)
	for (int i = 0; i < 2; i++)
		compute(i ? 16 * TURNS : TURNS);
}

int main(void)
{
	int i;

	/* What regions need for the first time. */
	warm((char *const[]){ fresh(), fresh() });
	for (i = 0; i < TIMES; i++) {
		pages((char *const[]){ fresh(), fresh() });
		calls();
		/* A bell that rings late, for a call that was answered before, rings in here. */
		uneven();
		quiet();
	}
	puts("done");
	return 0;
}
#else
static int tests;

static void result(int good, const char *name)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, name);
}

/* What happened in a function; the best of some times, because a doorbell or timer may come at any time. */
static void measure(void (*what)(void), uint64_t least[NR_NOISE])
{
	uint64_t before[NR_NOISE], after[NR_NOISE];
	int i, k;

	memset(least, 0xff, NR_NOISE * sizeof(*least));
	for (i = 0; i < TIMES; i++) {
		noise_isle.read(before);
		what();
		noise_isle.read(after);
		for (k = 0; k < NR_NOISE; k++)
			if (after[k] - before[k] < least[k])
				least[k] = after[k] - before[k];
	}
	for (k = 0; k < NR_NOISE; k++)
		printf("# %s %llu\n", noise_key((unsigned int)k), (unsigned long long)least[k]);
}

static void do_compute(void)
{
	compute(TURNS);
}

static void do_touch(void)
{
	char *p = fresh();

	touch(p);
	munmap(p, PAGES * 4096);
}

int main(void)
{
	uint64_t least[NR_NOISE], sum = 0;
	char why[128];
	int k;

	if (noise_choose("isle", why, sizeof(why)) != &noise_isle) {
		printf("Bail out! %s\n", why);
		return 99;
	}
	measure(do_compute, least);
	for (k = 0; k < NR_NOISE; k++)
		sum += least[k];
	result(sum == 0, "a loop that computes has no noise of any kind");
	measure(do_touch, least);
	result(least[NOISE_FAULTS] == PAGES, "each page that is touched for the first time is a fault");
	result(least[NOISE_KERNEL_NS] > 0, "and time in the kernel");
	result(least[NOISE_CALLS] == 0, "but no call to Linux");
	measure(ask, least);
	result(least[NOISE_CALLS] == CALLS, "each forwarded call is one");
	result(least[NOISE_KERNEL_NS] + least[NOISE_OFF_NS] > 0, "and time in the kernel, or asleep");
	result(least[NOISE_FAULTS] == 0, "but no fault");
	printf("1..%d\n", tests);
	return 0;
}
#endif
