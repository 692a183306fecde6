// SPDX-License-Identifier: MIT
/*
 * steady.c - parallel regions one after the other, by as many threads as there are cores, until
 * SIGTERM or a time is over.
 *
 * Usage: steady SECONDS. Prints `steady` when it is warm, and how many regions followed. From that line to the end it
 * asks the kernel for nothing: the clock is read without a call.
 */
#include <omp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WARM 2000

static volatile sig_atomic_t over;

static void stop(int signo)
{
	(void)signo;
	over = 1;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static long region(void)
{
	long sum = 0;

#pragma omp parallel reduction(+ : sum)
	sum += omp_get_thread_num() + 1;
	return sum;
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? atof(argv[1]) : 1, end;
	long regions = 0, wrong = 0, n = omp_get_max_threads(), i;

	signal(SIGTERM, stop);
	for (i = 0; i < WARM; i++)
		wrong += region() != n * (n + 1) / 2;
	end = now() + seconds;
	puts("steady");
	fflush(stdout);
	while (!over && now() < end) {
		wrong += region() != n * (n + 1) / 2;
		regions++;
	}
	printf("%ld threads, %ld regions, %ld wrong\n", n, regions, wrong);
	return wrong != 0;
}
