/* SPDX-License-Identifier: MIT */
/*
 * kernels.c - what make bench-uhyve times: STREAM's triad and a kernel that only computes, with OpenMP.
 *
 * `kernels triad|compute SIZE TURNS` prints how long the turns took, after one that is not counted, and ends with
 * 1 if the result is wrong.
 */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* SIZE doubles an array: three of them, each turn a = b + 3 c. */
static int triad(size_t size, int turns, double *seconds)
{
	double *a = malloc(size * sizeof(*a)), *b = malloc(size * sizeof(*b)), *c = malloc(size * sizeof(*c));
	double start = 0;
	size_t i, wrong = 0;
	int turn;

	if (!a || !b || !c)
		return 1;
#pragma omp parallel for schedule(static)
	for (i = 0; i < size; i++) {
		a[i] = 0;
		b[i] = (double)(i % 1000);
		c[i] = 2;
	}
	for (turn = 0; turn <= turns; turn++) {
		if (turn == 1)
			start = omp_get_wtime();
#pragma omp parallel for schedule(static)
		for (i = 0; i < size; i++)
			a[i] = b[i] + 3 * c[i];
	}
	*seconds = omp_get_wtime() - start;
	for (i = 0; i < size; i++)
		wrong += a[i] != (double)(i % 1000) + 6;
	free(a);
	free(b);
	free(c);
	return wrong != 0;
}

/* SIZE terms of the series for pi / 4, summed TURNS times. */
static int compute(size_t size, int turns, double *seconds)
{
	double start = 0, sum = 0, off;
	int turn;

	for (turn = 0; turn <= turns; turn++) {
		size_t i;

		if (turn == 1)
			start = omp_get_wtime();
		sum = 0;
#pragma omp parallel for schedule(static) reduction(+ : sum)
		for (i = 0; i < size; i++)
			sum += (i % 2 ? -1.0 : 1.0) / (double)(2 * i + 1);
	}
	*seconds = omp_get_wtime() - start;
	/* What is left out is less than the first term of it. */
	off = 4 * sum - 3.14159265358979323846;
	return off > 4.0 / (double)size || off < -4.0 / (double)size;
}

int main(int argc, char **argv)
{
	double seconds = 0;
	size_t size;
	int turns, wrong;

	if (argc != 4) {
		fprintf(stderr, "usage: kernels triad|compute SIZE TURNS\n");
		return 2;
	}
	size = strtoull(argv[2], NULL, 10);
	turns = atoi(argv[3]);
	wrong = (strcmp(argv[1], "triad") ? compute : triad)(size, turns, &seconds);
	printf("%.6f %d threads%s\n", seconds, omp_get_max_threads(), wrong ? " WRONG" : "");
	return wrong;
}
