/* SPDX-License-Identifier: MIT */
/* epcc.c - exercises each OpenMP construct often, as the EPCC benchmarks do, and a STREAM triad; checks results. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 200

static int bad;

static void right(const char *name, int good)
{
	printf("%s: %s\n", name, good ? "right" : "wrong");
	bad |= !good;
}

static void delay(int n)
{
	volatile double a = 0;

	for (int i = 0; i < n; i++)
		a += i;
}

static void regions(int threads)
{
	int n = 0, passed = 0, x = 0;
	omp_lock_t lock;

	for (int r = 0; r < ROUNDS; r++) {
#pragma omp parallel reduction(+ : n)
		{
			delay(100);
			n++;
		}
	}
	right("parallel", n == ROUNDS * threads);
#pragma omp parallel reduction(+ : passed)
	for (int r = 0; r < ROUNDS; r++) {
		delay(100);
#pragma omp barrier
		passed++;
	}
	right("barrier", passed == ROUNDS * threads);
	omp_init_lock(&lock);
#pragma omp parallel
	for (int r = 0; r < ROUNDS; r++) {
#pragma omp critical
		x++;
		omp_set_lock(&lock);
		omp_unset_lock(&lock);
	}
	right("locks", x == ROUNDS * threads);
}

static void work_sharing(void)
{
	int made = 0, tasks = 0, nested = 0;

	for (int r = 0; r < ROUNDS / 10; r++) {
#pragma omp parallel for schedule(dynamic, 1) reduction(+ : made)
		for (int i = 0; i < 64; i++)
			made++;
#pragma omp parallel for schedule(guided) reduction(+ : made)
		for (int i = 0; i < 64; i++)
			made++;
	}
	right("schedules", made == ROUNDS / 10 * 128);
#pragma omp parallel
#pragma omp single
	for (int i = 0; i < ROUNDS; i++) {
#pragma omp task
		{
			delay(200);
#pragma omp atomic
			tasks++;
		}
	}
	right("tasks", tasks == ROUNDS);
	omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2) reduction(+ : nested)
#pragma omp parallel num_threads(2) reduction(+ : nested)
	nested++;
	right("nested", nested == 4);
}

static void triad(void)
{
	size_t n = 2000000, wrong = 0;
	double *a = malloc(n * 8), *b = malloc(n * 8), *c = malloc(n * 8);

	if (!a || !b || !c)
		exit(1);
#pragma omp parallel for
	for (size_t i = 0; i < n; i++) {
		a[i] = (double)i;
		b[i] = 2;
	}
	for (int r = 0; r < 5; r++) {
#pragma omp parallel for
		for (size_t i = 0; i < n; i++)
			c[i] = a[i] + 3 * b[i];
	}
#pragma omp parallel for reduction(+ : wrong)
	for (size_t i = 0; i < n; i++)
		wrong += c[i] != (double)i + 6;
	right("triad", wrong == 0);
}

int main(void)
{
	int threads = 0;

#pragma omp parallel
#pragma omp single
	threads = omp_get_num_threads();
	regions(threads);
	work_sharing();
	triad();
	return bad;
}
