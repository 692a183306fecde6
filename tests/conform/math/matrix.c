/* SPDX-License-Identifier: MIT */
/*
 * matrix - four threads multiply matrices by blocks, with the same bits as one thread. Catches lost vector
 * registers under load.
 */
#include "conform.h"

#define N 96

static double a[N][N], b[N][N], c1[N][N], c2[N][N];

static void rows(double (*out)[N], int from, int to)
{
	int i, j, k;

	for (i = from; i < to; i++)
		for (k = 0; k < N; k++)
			for (j = 0; j < N; j++)
				out[i][j] += a[i][k] * b[k][j];
}

static void *quarter(void *arg)
{
	int q = (int)(uintptr_t)arg;

	rows(c2, q * N / 4, (q + 1) * N / 4);
	return NULL;
}

int main(void)
{
	pthread_t t[4];
	int i, j, round;

	for (i = 0; i < N; i++)
		for (j = 0; j < N; j++) {
			a[i][j] = 1.0 / (i + j + 1);
			b[i][j] = (i * 7 + j * 13) % 17 - 8;
		}
	rows(c1, 0, N);
	for (round = 0; round < 5; round++) {
		memset(c2, 0, sizeof(c2));
		for (i = 0; i < 4; i++)
			t[i] = thread(quarter, (void *)(uintptr_t)i);
		for (i = 0; i < 4; i++)
			join(t[i]);
		check(!memcmp(c1, c2, sizeof(c1)), "round %d", round);
	}
	return done();
}
