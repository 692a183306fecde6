// SPDX-License-Identifier: MIT
/*
 * solver.c - an MPI + OpenMP program as people write them: conjugate gradients for Poisson's equation.
 *
 * The unit square has N x N inner points; each rank has a band of rows and exchanges the two rows at its
 * edges with its neighbours in each iteration, and all ranks add up two dot products. Threads share the
 * rows of their rank. The right side is made from a known solution, so the answer is checked, and the number
 * of iterations is the same for any number of ranks and threads, but for rounding.
 *
 *     mpirun -n 2 isle-run ./solver [N [TOLERANCE [SECONDS]]]
 *
 * With SECONDS it then solves the same again until they are over, or SIGUSR2 reaches rank 0: all memory is there, and
 * nothing but computing and messages is left.
 * Ends with 0 if the answer is right, 1 if it is wrong, 2 for wrong usage.
 */
#define _GNU_SOURCE
#include <math.h>
#include <mpi.h>
#include <omp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TAG_UP = 1, TAG_DOWN, MAX_CPUS_SHOWN = 256, MAX_N = 20000 };

struct grid {
	int n;             /* points in a row, and rows of all ranks */
	int rows, first;   /* rows of this rank, and which of all its first one is */
	int up, down;      /* neighbours, or MPI_PROC_NULL */
};

static int rank, size;
static long messages, sums;   /* of this rank, so far */
static volatile sig_atomic_t enough;

/* Row r of a vector; rows -1 and rows are the neighbours', columns -1 and n are the edge of the square: 0. */
static double *row(const struct grid *g, double *v, int r)
{
	return v + (size_t)(r + 1) * (size_t)(g->n + 2) + 1;
}

static double *vector_make(const struct grid *g)
{
	size_t length = (size_t)(g->rows + 2) * (size_t)(g->n + 2);
	double *v = malloc(length * sizeof(*v));

	if (!v) {
		fprintf(stderr, "solver: no memory for %zu numbers\n", length);
		MPI_Abort(MPI_COMM_WORLD, 3);
	}
	/* Who touches a page first gets it near; the same threads use it later. */
#pragma omp parallel for schedule(static)
	for (int r = -1; r <= g->rows; r++)
		memset(row(g, v, r) - 1, 0, (size_t)(g->n + 2) * sizeof(*v));
	return v;
}

static void edges_exchange(const struct grid *g, double *v)
{
	MPI_Request request[4];
	MPI_Status status[4];

	MPI_Irecv(row(g, v, -1), g->n, MPI_DOUBLE, g->up, TAG_DOWN, MPI_COMM_WORLD, &request[0]);
	MPI_Irecv(row(g, v, g->rows), g->n, MPI_DOUBLE, g->down, TAG_UP, MPI_COMM_WORLD, &request[1]);
	MPI_Isend(row(g, v, 0), g->n, MPI_DOUBLE, g->up, TAG_UP, MPI_COMM_WORLD, &request[2]);
	MPI_Isend(row(g, v, g->rows - 1), g->n, MPI_DOUBLE, g->down, TAG_DOWN, MPI_COMM_WORLD, &request[3]);
	MPI_Waitall(4, request, status);
	messages += (g->up != MPI_PROC_NULL) + (g->down != MPI_PROC_NULL);
}

/* out = A v with the five-point Laplacian; returns v . out of this rank. */
static double laplacian(const struct grid *g, double *v, double *out)
{
	double sum = 0;

	edges_exchange(g, v);
#pragma omp parallel for schedule(static) reduction(+ : sum)
	for (int r = 0; r < g->rows; r++) {
		const double *north = row(g, v, r - 1), *here = row(g, v, r), *south = row(g, v, r + 1);
		double *to = row(g, out, r);

		for (int c = 0; c < g->n; c++) {
			to[c] = 4 * here[c] - here[c - 1] - here[c + 1] - north[c] - south[c];
			sum += here[c] * to[c];
		}
	}
	return sum;
}

static double sum_all(double mine)
{
	double all;

	MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
	sums++;
	return all;
}

/* x += a p, r -= a q; returns r . r of this rank. */
static double step(const struct grid *g, double a, double *x, double *p, double *r, double *q)
{
	double sum = 0;

#pragma omp parallel for schedule(static) reduction(+ : sum)
	for (int i = 0; i < g->rows; i++) {
		double *xi = row(g, x, i), *pi = row(g, p, i), *ri = row(g, r, i), *qi = row(g, q, i);

		for (int c = 0; c < g->n; c++) {
			xi[c] += a * pi[c];
			ri[c] -= a * qi[c];
			sum += ri[c] * ri[c];
		}
	}
	return sum;
}

/* p = r + b p */
static void direction(const struct grid *g, double b, double *p, double *r)
{
#pragma omp parallel for schedule(static)
	for (int i = 0; i < g->rows; i++) {
		double *pi = row(g, p, i), *ri = row(g, r, i);

		for (int c = 0; c < g->n; c++)
			pi[c] = ri[c] + b * pi[c];
	}
}

/* A smooth bump with a pattern on it, so that many wave lengths take part. */
static double solution(const struct grid *g, int r, int c)
{
	double y = (g->first + r + 1.0) / (g->n + 1), x = (c + 1.0) / (g->n + 1);

	return x * (1 - x) * y * (1 - y) * exp(x + 2 * y) + 1e-3 * ((c * 7 + (g->first + r) * 13) % 10);
}

/* What a solution takes: known is what shall come out in x; r begins as the right side; p and q are for the way. */
struct vectors {
	double *known, *x, *r, *p, *q;
};

static void vectors_make(const struct grid *g, struct vectors *v)
{
	v->known = vector_make(g);
	v->x = vector_make(g);
	v->r = vector_make(g);
	v->p = vector_make(g);
	v->q = vector_make(g);
}

static void vectors_free(struct vectors *v)
{
	free(v->known);
	free(v->x);
	free(v->r);
	free(v->p);
	free(v->q);
}

/* Returns the iterations, or -1: no end was in sight. */
static int solve(const struct grid *g, double tolerance, struct vectors *v)
{
	double *x = v->x, *r = v->r, *p = v->p, *q = v->q, rr, first, before;
	int i, limit = 20 * g->n + 100;

	laplacian(g, v->known, r);
#pragma omp parallel for schedule(static)
	for (i = -1; i <= g->rows; i++) {
		memset(row(g, x, i) - 1, 0, (size_t)(g->n + 2) * sizeof(*x));
		memset(row(g, p, i) - 1, 0, (size_t)(g->n + 2) * sizeof(*p));
	}
	rr = first = sum_all(step(g, 0, x, p, r, q));
	direction(g, 0, p, r);
	for (i = 0; i < limit && rr > tolerance * tolerance * first; i++) {
		double pq = sum_all(laplacian(g, p, q));

		before = rr;
		rr = sum_all(step(g, rr / pq, x, p, r, q));
		direction(g, rr / before, p, r);
	}
	return i < limit ? i : -1;
}

/* Largest difference from the known solution, of all ranks. */
static double error_of(const struct grid *g, double *x)
{
	double worst = 0, all;

#pragma omp parallel for schedule(static) reduction(max : worst)
	for (int r = 0; r < g->rows; r++)
		for (int c = 0; c < g->n; c++)
			worst = fmax(worst, fabs(row(g, x, r)[c] - solution(g, r, c)));
	MPI_Allreduce(&worst, &all, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
	/* A number that is none is never the largest. */
	return isfinite(sum_all(worst)) ? all : INFINITY;
}

/* One line a rank, in order: which threads run where. */
static void places_print(const struct grid *g)
{
	int cpus[MAX_CPUS_SHOWN], threads = 0;
	char line[2048], host[64];
	int length;

#pragma omp parallel
	{
		int t = omp_get_thread_num();

#pragma omp single
		threads = omp_get_num_threads();
		if (t < MAX_CPUS_SHOWN)
			cpus[t] = sched_getcpu();
	}
	gethostname(host, sizeof(host));
	host[sizeof(host) - 1] = 0;
	length = snprintf(line, sizeof(line), "rank %d: process %d, rows %d to %d, %d thread%s on CPU", rank,
			  (int)getpid(), g->first, g->first + g->rows - 1, threads, threads == 1 ? "" : "s");
	for (int t = 0; t < threads && t < MAX_CPUS_SHOWN && length < (int)sizeof(line) - 16; t++)
		length += snprintf(line + length, sizeof(line) - (size_t)length, " %d", cpus[t]);
	if (rank) {
		MPI_Send(line, (int)sizeof(line), MPI_CHAR, 0, 0, MPI_COMM_WORLD);
		return;
	}
	for (int r = 0; r < size; r++) {
		if (r)
			MPI_Recv(line, (int)sizeof(line), MPI_CHAR, r, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
		printf("%s\n", line);
	}
}

static void end_soon(int number)
{
	(void)number;
	enough = 1;
}

/*
 * Solves once, then until the seconds are over on rank 0 or it was told that it is enough. Returns how often;
 * *iterations gets those of the last time.
 */
static int solve_again(const struct grid *g, double tolerance, double seconds, struct vectors *v, int *iterations)
{
	double end = 0;
	int times = 0, more;

	do {
		*iterations = solve(g, tolerance, v);
		if (++times == 1)
			end = MPI_Wtime() + seconds;
		more = *iterations > 0 && !enough && MPI_Wtime() < end;
		if (times == 1 && more && !rank) {
			printf("solved once, and now again and again\n");
			fflush(stdout);
		}
		MPI_Bcast(&more, 1, MPI_INT, 0, MPI_COMM_WORLD);
	} while (more);
	return times;
}

static int run(const struct grid *g, double tolerance, double seconds)
{
	int iterations, times;
	double begin, error;
	struct vectors v;

	signal(SIGUSR2, end_soon);
	places_print(g);
	fflush(stdout);
	vectors_make(g, &v);
	for (int r = 0; r < g->rows; r++)
		for (int c = 0; c < g->n; c++)
			row(g, v.known, r)[c] = solution(g, r, c);
	MPI_Barrier(MPI_COMM_WORLD);
	messages = sums = 0;
	begin = MPI_Wtime();
	times = solve_again(g, tolerance, seconds, &v, &iterations);
	begin = MPI_Wtime() - begin;
	if (!rank && seconds > 0)
		printf("solved %d times; rank 0 sent %ld halo messages and took part in %ld sums\n", times, messages,
		       sums);
	error = error_of(g, v.x);
	if (!rank)
		printf("%d x %d points, %d ranks: %d iterations in %.2f s, largest error %.1e: %s\n", g->n, g->n, size,
		       iterations, begin / times, error, iterations > 0 && error < 1e-6 ? "right" : "WRONG");
	vectors_free(&v);
	return iterations > 0 && error < 1e-6 ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct grid g = { .n = argc > 1 ? atoi(argv[1]) : 1000 };
	double tolerance = argc > 2 ? atof(argv[2]) : 1e-10, seconds = argc > 3 ? atof(argv[3]) : 0;
	int status, given;

	MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &given);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	if (argc > 4 || !(seconds >= 0) || g.n < size || g.n > MAX_N || !(tolerance > 0 && tolerance < 1)) {
		if (!rank)
			fprintf(stderr, "usage: solver [N [TOLERANCE [SECONDS]]]    N from the number of ranks to %d\n",
				MAX_N);
		MPI_Finalize();
		return 2;
	}
	g.first = (int)((long)g.n * rank / size);
	g.rows = (int)((long)g.n * (rank + 1) / size) - g.first;
	g.up = rank ? rank - 1 : MPI_PROC_NULL;
	g.down = rank + 1 < size ? rank + 1 : MPI_PROC_NULL;
	status = run(&g, tolerance, seconds);
	MPI_Finalize();
	return status;
}
