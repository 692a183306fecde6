/* SPDX-License-Identifier: MIT */
/*
 * openmp - parallel regions, schedules, reductions, locks, tasks, nesting, places and a STREAM triad give the results
 * of one thread. Built with GNU's and with LLVM's library. Catches what libomp needs of /dev/shm, affinity and futexes.
 */
#include "conform.h"
#include <omp.h>

static long fib(int n)
{
	long a, b;

	if (n < 2)
		return n;
#pragma omp task shared(a)
	a = fib(n - 1);
#pragma omp task shared(b)
	b = fib(n - 2);
#pragma omp taskwait
	return a + b;
}

static void loops(void)
{
	long sum = 0, order = 0;
	int i;

#pragma omp parallel for reduction(+ : sum) schedule(static)
	for (i = 0; i < 100000; i++)
		sum += i;
	equal(sum, 4999950000, "static schedule");
	sum = 0;
#pragma omp parallel for reduction(+ : sum) schedule(dynamic, 7)
	for (i = 0; i < 10000; i++)
		sum += i;
	equal(sum, 49995000, "dynamic schedule");
	sum = 0;
#pragma omp parallel for reduction(+ : sum) schedule(guided)
	for (i = 0; i < 10000; i++)
		sum += i;
	equal(sum, 49995000, "guided schedule");
#pragma omp parallel for ordered
	for (i = 0; i < 100; i++) {
#pragma omp ordered
		order = order * 3 % 1000003 + i;
	}
	for (sum = 0, i = 0; i < 100; i++)
		sum = sum * 3 % 1000003 + i;
	equal(order, sum, "ordered");
}

static void exclusion(void)
{
	omp_lock_t lock;
	int i, a = 0, b = 0, c = 0;

	omp_init_lock(&lock);
#pragma omp parallel for
	for (i = 0; i < 1000; i++) {
#pragma omp critical
		a++;
		omp_set_lock(&lock);
		b++;
		omp_unset_lock(&lock);
#pragma omp atomic
		c++;
	}
	equal(a + b + c, 3000, "critical, lock and atomic");
}

static void triad(void)
{
	size_t n = 1000000, i, bad = 0;
	double *x = malloc(n * 8), *y = malloc(n * 8), *z = malloc(n * 8);

#pragma omp parallel for
	for (i = 0; i < n; i++) {
		y[i] = (double)i;
		z[i] = 2;
	}
#pragma omp parallel for
	for (i = 0; i < n; i++)
		x[i] = y[i] + 3 * z[i];
	for (i = 0; i < n; i++)
		bad += x[i] != (double)i + 6;
	equal(bad, 0, "triad");
}

int main(void)
{
	int i, inside = 0, barriers = 0, nested = 0;
	long f = 0;

	omp_set_dynamic(0);
	omp_set_num_threads(4);
#pragma omp parallel reduction(+ : inside)
	inside += omp_get_num_threads() == 4 && omp_in_parallel();
	equal(inside, 4, "four threads");
#pragma omp parallel private(i)
	for (i = 0; i < 100; i++) {
#pragma omp barrier
#pragma omp single
		barriers++;
	}
	equal(barriers, 100, "barriers");
	loops();
	exclusion();
#pragma omp parallel
#pragma omp single
	f = fib(9);
	equal(f, 34, "tasks");
	omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2) reduction(+ : nested)
#pragma omp parallel num_threads(2) reduction(+ : nested)
	nested++;
	equal(nested, 4, "nested");
	triad();
	check(omp_get_num_procs() >= 1 && omp_get_wtime() > 0, "cores and time");
	return done();
}
