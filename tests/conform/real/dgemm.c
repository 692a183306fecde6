/* SPDX-License-Identifier: MIT */
/* dgemm.c - multiplies two matrices by the BLAS it is linked to and by hand, and compares. */
#include <math.h>
#include <stdio.h>

#define N 300

void dgemm_(const char *ta, const char *tb, const int *m, const int *n, const int *k, const double *alpha,
	    const double *a, const int *lda, const double *b, const int *ldb, const double *beta, double *c,
		const int *ldc);

int openblas_get_num_threads(void);

static double a[N * N], b[N * N], c[N * N];

int main(void)
{
	double one = 1, zero = 0, most = 0;
	int n = N, i, j, k;

	for (i = 0; i < N * N; i++) {
		a[i] = (i * 7 % 23) / 23.0;
		b[i] = (i * 11 % 29) / 29.0 - 0.5;
	}
	dgemm_("N", "N", &n, &n, &n, &one, a, &n, b, &n, &zero, c, &n);
	for (j = 0; j < N; j++)
		for (i = 0; i < N; i++) {
			double sum = 0;

			for (k = 0; k < N; k++)
				sum += a[i + k * N] * b[k + j * N];
			most = fmax(most, fabs(sum - c[i + j * N]));
		}
	printf("%d threads\n", openblas_get_num_threads());
	printf(most < 1e-9 ? "largest difference below 1e-9\n" : "largest difference %g\n", most);
	return most >= 1e-9;
}
