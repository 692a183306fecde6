// SPDX-License-Identifier: MIT
/*
 * pairs.c - ping-pong in several jobs of two ranks that take turns: who talks changes every few milliseconds, so that
 * all pairs meet the same state of the machine, and never more than two ranks spin.
 *
 *     mpirun -n 2 pairs FILE NAME INDEX JOBS ROUNDS      FILE: see control.h; INDEX from 0 to JOBS - 1
 *
 * A job begins MPI when the one before has, and ends when the one before has ended. Prints, for each size and round,
 * "sample SIZE NAME TICKS": the median time of a message there and back, in ticks of the TSC.
 */
#define _GNU_SOURCE
#include <mpi.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "control.h"

enum { MAX_MESSAGE = 65536, SAMPLES = 101, BATCH = 1, WARM = 10, GROW = 4, SIZES = 4 };

static const int sizes[SIZES] = { 0, 8, 1024, MAX_MESSAGE };

static uint64_t ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) :: "memory");
	return (uint64_t)high << 32 | low;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t talk_first(char *buffer, int length, int other, int times)
{
	uint64_t begin = ticks();

	for (int i = 0; i < times; i++) {
		MPI_Send(buffer, length, MPI_CHAR, other, 1, MPI_COMM_WORLD);
		MPI_Recv(buffer, length, MPI_CHAR, other, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
	}
	return (ticks() - begin) / (uint64_t)times;
}

static void talk_second(char *buffer, int length, int other, int times)
{
	for (int i = 0; i < times; i++) {
		MPI_Recv(buffer, length, MPI_CHAR, other, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
		MPI_Send(buffer, length, MPI_CHAR, other, 1, MPI_COMM_WORLD);
	}
}

static uint64_t median_time(char *buffer, int length, int other)
{
	uint64_t sample[SAMPLES];

	talk_first(buffer, length, other, WARM);
	for (int i = 0; i < SAMPLES; i++)
		sample[i] = talk_first(buffer, length, other, BATCH);
	qsort(sample, SAMPLES, sizeof(sample[0]), compare);
	return sample[SAMPLES / 2];
}

/*
 * Whose turn it is counts up in the control file; who waits sleeps, and looks seldom. The machine's CPUs are threads of
 * few host cores, a wake costs Linux more instructions than an isle, and the pair that talks has to wait for it: with
 * a look every 2 ms each message of 64 KiB met some, and the pair of isles those of three ranks on Linux, the pair on
 * Linux those of one.
 */
static void turn_wait(struct control *control, long turn)
{
	struct timespec moment = { .tv_nsec = 50000000 };

	while (__atomic_load_n(&control->last_round[0], __ATOMIC_ACQUIRE) < turn)
		nanosleep(&moment, NULL);
}

static void turn_pass(struct control *control, long turn)
{
	__atomic_store_n(&control->last_round[0], turn + 1, __ATOMIC_RELEASE);
}

/*
 * All translations are forgotten, on an isle and on Linux. Nothing else ever makes an isle forget them, and QEMU lets
 * its table of them grow, to twice its size, only when they are and most of it was in use (cputlb.c): with the
 * size it begins with, pages push each other out.
 */
static void translations_forget(void)
{
	const size_t size = 4 << 20;
	char *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return;
	for (size_t at = 0; at < size; at += 4096)
		((volatile char *)pages)[at] = 1;
	munmap(pages, size);
}

static void turn_run(const char *name, int length, int rank, char *buffer)
{
	for (int i = 0; i < GROW; i++) {
		if (rank == 0)
			talk_first(buffer, length, 1, WARM);
		else
			talk_second(buffer, length, 0, WARM);
		translations_forget();
	}
	if (rank == 0)
		printf("sample %d %s %llu\n", length, name, (unsigned long long)median_time(buffer, length, 1));
	else
		talk_second(buffer, length, 0, WARM + SAMPLES * BATCH);
}

int main(int argc, char **argv)
{
	char *buffer = calloc(1, MAX_MESSAGE), out[16384];
	int index, jobs, rounds, rank, size;
	struct control *control;
	long turn = 0;

	if (argc != 6) {
		fprintf(stderr, "usage: mpirun -n 2 pairs FILE NAME INDEX JOBS ROUNDS\n");
		return 2;
	}
	/* Nothing is written before the end. */
	setvbuf(stdout, out, _IOFBF, sizeof(out));
	control = control_map(argv[1]);
	index = atoi(argv[3]);
	jobs = atoi(argv[4]);
	rounds = atoi(argv[5]) * SIZES;
	turn_wait(control, index);
	MPI_Init(&argc, &argv);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	if (size != 2)
		MPI_Abort(MPI_COMM_WORLD, 2);
	for (int i = 0; i < rounds; i++) {
		turn = (long)(i + 1) * jobs + index;
		if (rank == 0)
			turn_pass(control, turn - jobs);
		turn_wait(control, turn);
		turn_run(argv[2], sizes[i * SIZES / rounds], rank, buffer);
	}
	if (rank == 0)
		turn_pass(control, turn);
	turn_wait(control, (long)(rounds + 1) * jobs + index);
	MPI_Finalize();
	if (rank == 0)
		turn_pass(control, (long)(rounds + 1) * jobs + index);
	return 0;
}
