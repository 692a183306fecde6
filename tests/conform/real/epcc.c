/* SPDX-License-Identifier: MIT */
/*
 * epcc.c - what OpenMP's constructs cost, measured as the EPCC benchmarks do: the time of work inside of a construct
 * beyond that of the work alone. Whether each construct did what it must goes to standard output, the times, which
 * are different each time, to standard error.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS 200
#define WORK   100

static int bad;
static double alone;   /* seconds that ROUNDS times WORK take */

static void delay(int n)
{
	volatile double a = 0;

	for (int i = 0; i < n; i++)
		a = a + i;
}

static void right(const char *name, int good, double begin)
{
	double us = (omp_get_wtime() - begin - alone) / ROUNDS * 1e6;

	printf("%s: %s\n", name, good ? "right" : "wrong");
	fprintf(stderr, "%s: %.3f us\n", name, us > 0 ? us : 0);
	bad |= !good;
}

static void regions(int threads)
{
	int n = 0, passed = 0, x = 0, once = 0;
	double begin = omp_get_wtime();
	omp_lock_t lock;

	for (int r = 0; r < ROUNDS; r++) {
#pragma omp parallel reduction(+ : n)
		{
			delay(WORK);
			n++;
		}
	}
	right("parallel", n == ROUNDS * threads, begin);
	begin = omp_get_wtime();
#pragma omp parallel reduction(+ : passed)
	for (int r = 0; r < ROUNDS; r++) {
		delay(WORK);
#pragma omp barrier
		passed++;
	}
	right("barrier", passed == ROUNDS * threads, begin);
	begin = omp_get_wtime();
#pragma omp parallel
	for (int r = 0; r < ROUNDS; r++) {
#pragma omp single
		once++;
	}
	right("single", once == ROUNDS, begin);
	omp_init_lock(&lock);
	begin = omp_get_wtime();
#pragma omp parallel
	for (int r = 0; r < ROUNDS; r++) {
#pragma omp critical
		x++;
		omp_set_lock(&lock);
		omp_unset_lock(&lock);
	}
	right("locks", x == ROUNDS * threads, begin);
}

static void work_sharing(void)
{
	int made = 0, tasks = 0, nested = 0;
	double begin = omp_get_wtime();

	for (int r = 0; r < ROUNDS / 10; r++) {
#pragma omp parallel for schedule(dynamic, 1) reduction(+ : made)
		for (int i = 0; i < 64; i++)
			made++;
#pragma omp parallel for schedule(guided) reduction(+ : made)
		for (int i = 0; i < 64; i++)
			made++;
	}
	right("schedules", made == ROUNDS / 10 * 128, begin);
	begin = omp_get_wtime();
#pragma omp parallel
#pragma omp single
	for (int i = 0; i < ROUNDS; i++) {
#pragma omp task
		{
			delay(WORK);
#pragma omp atomic
			tasks++;
		}
	}
	right("tasks", tasks == ROUNDS, begin);
	omp_set_max_active_levels(2);
	begin = omp_get_wtime();
#pragma omp parallel num_threads(2) reduction(+ : nested)
#pragma omp parallel num_threads(2) reduction(+ : nested)
	nested++;
	right("nested", nested == 4, begin);
}

int main(void)
{
	int threads = 0;
	Dl_info info;
	double begin;

	/* Which library it is: it may have been exchanged. */
	if (dladdr((void *)&omp_get_wtime, &info))
		printf("library: %s\n", strstr(info.dli_fname, "llvm-") ? strstr(info.dli_fname, "llvm-") : "unknown");
#pragma omp parallel
#pragma omp single
	threads = omp_get_num_threads();
	printf("threads: %d\n", threads);
	begin = omp_get_wtime();
	for (int r = 0; r < ROUNDS; r++)
		delay(WORK);
	alone = omp_get_wtime() - begin;
	regions(threads);
	work_sharing();
	return bad;
}
