/* SPDX-License-Identifier: MIT */
/*
 * stream.c - McCalpin's STREAM with OpenMP: copy, scale, add and triad of large vectors. What the vectors then hold
 * goes to standard output, the bandwidths to standard error.
 */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

#define N      1000000
#define ROUNDS 3

static double *a, *b, *c;

static void rate(const char *name, int vectors, double begin)
{
	fprintf(stderr, "%s: %.0f MB/s\n", name, vectors * 8e-6 * N / (omp_get_wtime() - begin));
}

static void kernels(void)
{
	double begin = omp_get_wtime();

#pragma omp parallel for
	for (int i = 0; i < N; i++)
		c[i] = a[i];
	rate("copy", 2, begin);
	begin = omp_get_wtime();
#pragma omp parallel for
	for (int i = 0; i < N; i++)
		b[i] = 3 * c[i];
	rate("scale", 2, begin);
	begin = omp_get_wtime();
#pragma omp parallel for
	for (int i = 0; i < N; i++)
		c[i] = a[i] + b[i];
	rate("add", 3, begin);
	begin = omp_get_wtime();
#pragma omp parallel for
	for (int i = 0; i < N; i++)
		a[i] = b[i] + 3 * c[i];
	rate("triad", 3, begin);
}

int main(void)
{
	double x = 1, y = 2, z = 0, far = 0;

	a = malloc(N * sizeof(*a));
	b = malloc(N * sizeof(*b));
	c = malloc(N * sizeof(*c));
	if (!a || !b || !c)
		return 2;
#pragma omp parallel for
	for (int i = 0; i < N; i++) {
		a[i] = x;
		b[i] = y;
		c[i] = z;
	}
	for (int r = 0; r < ROUNDS; r++) {
		kernels();
		z = x;
		y = 3 * z;
		z = x + y;
		x = y + 3 * z;
	}
	/* All of them are whole numbers. */
#pragma omp parallel for reduction(+ : far)
	for (int i = 0; i < N; i++)
		far += (a[i] != x) + (b[i] != y) + (c[i] != z);
	printf("vectors of %d: %.0f wrong, a %.0f b %.0f c %.0f\n", N, far, a[0], b[0], c[0]);
	return far != 0;
}
