// SPDX-License-Identifier: MIT
/*
 * regions.c - an OpenMP program with parallel regions of known shape, for the report to describe.
 *
 * Work is sleep: it takes its time on a loaded machine as well, and threads that share a core are
 * as unequal as they are meant to be. Usage: regions KIND COUNT; it prints what it did.
 */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define BATCH 50    /* regions of `empty` timed at once; its count is a multiple */
#define PAGES 64u  /* each thread touches in a region of `faults` */

static volatile unsigned int sink;

static unsigned long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (unsigned long long)ts.tv_sec * 1000000000u + (unsigned long long)ts.tv_nsec;
}

static void work(unsigned int us)
{
	struct timespec ts = { us / 1000000, (long)(us % 1000000) * 1000 };

	nanosleep(&ts, NULL);
}

static void balanced(int count)
{
	for (int i = 0; i < count; i++) {
#pragma omp parallel num_threads(2)
		work(5000);
	}
}

/* Thread 0 works 8 ms, thread 1 works 2 ms: 6 of 16 ms are lost. */
static void imbalanced(int count)
{
	for (int i = 0; i < count; i++) {
#pragma omp parallel num_threads(2)
		work(omp_get_thread_num() ? 2000 : 8000);
	}
}

/* The same at two barriers, each thread waits at one of them: 12 of 32 ms are lost. */
static void inner(int count)
{
	for (int i = 0; i < count; i++) {
#pragma omp parallel num_threads(2)
		{
			work(omp_get_thread_num() ? 2000 : 8000);
#pragma omp barrier
			work(omp_get_thread_num() ? 8000 : 2000);
		}
	}
}

/* All tasks are made by one thread while the other already waits: waiting, but at work. */
static void tasks(int count)
{
	for (int i = 0; i < count; i++) {
#pragma omp parallel num_threads(2)
#pragma omp single
		for (int t = 0; t < 16; t++) {
#pragma omp task
			work(1000);
		}
	}
}

static void nested(int count)
{
	omp_set_max_active_levels(2);
	for (int i = 0; i < count; i++) {
#pragma omp parallel num_threads(2)
		{
			work(100);
#pragma omp parallel num_threads(2)
			work(100);
		}
	}
}

/* Fresh pages: page faults that the kernel must count, PAGES a thread. */
static void faults(int count)
{
	for (int i = 0; i < count; i++) {
#pragma omp parallel num_threads(2)
		{
			size_t size = PAGES * 4096;
			char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

			if (p == MAP_FAILED)
				abort();
			madvise(p, size, MADV_NOHUGEPAGE);
			memset(p, 1, size);
			munmap(p, size);
		}
	}
}

/*
 * Regions so short that what they cost is the runtime and the tool, as EPCC's syncbench measures
 * it. Load only adds, so the best batch is the one to believe.
 */
static void empty(int count)
{
	unsigned long long start, time, best = ~0ull;

	for (int done = 0; done < count; done += BATCH) {
		start = now();
		for (int i = 0; i < BATCH; i++) {
#pragma omp parallel num_threads(2)
			sink++;
		}
		time = now() - start;
		if (time < best)
			best = time;
	}
	printf("ns-per-region %llu\n", best / BATCH);
}

/* Things the tool meets and must survive: one thread, serial regions, loops, reductions, tasks. */
static void odd(int count)
{
	long sum = 0;

	for (int i = 0; i < count; i++) {
#pragma omp parallel num_threads(1)
		work(10);
#pragma omp parallel if (0)
		work(10);
#pragma omp parallel for num_threads(2) schedule(dynamic) reduction(+ : sum)
		for (int k = 0; k < 64; k++)
			sum += k;
#pragma omp parallel sections num_threads(2)
		{
#pragma omp section
			work(10);
#pragma omp section
			work(10);
		}
#pragma omp parallel num_threads(2)
		{
#pragma omp task
			{
#pragma omp task
				work(10);
#pragma omp taskwait
			}
#pragma omp parallel num_threads(2)
			work(10);
		}
	}
	printf("sum %ld\n", sum);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(int count);
	} kinds[] = {
		{ "balanced", balanced }, { "imbalanced", imbalanced }, { "inner", inner },
		{ "tasks", tasks }, { "nested", nested }, { "empty", empty }, { "odd", odd },
		{ "faults", faults },
	};
	int count = argc > 2 ? atoi(argv[2]) : 1;

	for (size_t i = 0; argc > 1 && i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(argv[1], kinds[i].name))
			continue;
		kinds[i].run(count);
		printf("done %s %d\n", argv[1], count);
		return 0;
	}
	fprintf(stderr, "usage: regions KIND COUNT\n");
	return 2;
}
