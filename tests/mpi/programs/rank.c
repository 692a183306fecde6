// SPDX-License-Identifier: MIT
/*
 * rank.c - an MPI rank for the tests of jobs: does what its first argument says.
 *
 *   hello            one line
 *   ring [LONGEST]   messages of up to LONGEST bytes (8192) around the ring and collectives, every byte compared
 *   check            messages, collectives, windows and files, every byte compared
 *   streams          rank 0 copies its standard input to its output; each rank has a line for output and errors
 *   threads          MPI_THREAD_MULTIPLE: two threads of each rank talk at once
 *   abort N, exit N, crash, wait       ways to end: the last rank does it, the others wait in a barrier
 */
#define _GNU_SOURCE
#include <mpi.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_MESSAGE  (4u << 20)

static int rank, size, bad;

static void expect(int right, const char *what)
{
	if (right)
		return;
	printf("rank %d: %s is wrong\n", rank, what);
	bad = 1;
}

static unsigned char pattern(size_t i, int from, unsigned int length)
{
	return (unsigned char)(i * 31 + (size_t)from * 7 + length);
}

/* Around the ring: each rank sends to the next and checks what comes from the one before. */
static void check_messages(unsigned int longest)
{
	unsigned int lengths[] = { 0, 1, 8, 100, 1024, 4096, 8192, 16384, 65536, 1u << 20, MAX_MESSAGE };
	unsigned char *out = malloc(MAX_MESSAGE), *in = malloc(MAX_MESSAGE);
	int next = (rank + 1) % size, before = (rank + size - 1) % size;

	for (unsigned int k = 0; k < sizeof(lengths) / sizeof(*lengths) && lengths[k] <= longest; k++) {
		unsigned int n = lengths[k], i;

		for (i = 0; i < n; i++)
			out[i] = pattern(i, rank, n);
		memset(in, 0xee, n);
		MPI_Sendrecv(out, (int)n, MPI_BYTE, next, 5, in, (int)n, MPI_BYTE, before, 5, MPI_COMM_WORLD,
			     MPI_STATUS_IGNORE);
		for (i = 0; i < n && in[i] == pattern(i, before, n); i++)
			;
		expect(i == n, "a message");
	}
	free(out);
	free(in);
}

static void check_collectives(void)
{
	double x[1000], y[1000];
	int all[64] = { 0 };

	for (int i = 0; i < 1000; i++)
		x[i] = i + rank;
	MPI_Allreduce(x, y, 1000, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
	for (int i = 0; i < 1000; i++)
		expect(y[i] == i * size + size * (size - 1) / 2, "a sum");
	MPI_Allgather(&rank, 1, MPI_INT, all, 1, MPI_INT, MPI_COMM_WORLD);
	for (int i = 0; i < size; i++)
		expect(all[i] == i, "what was gathered");
	x[0] = rank ? 0 : 42;
	MPI_Bcast(x, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD);
	expect(x[0] == 42, "what was broadcast");
}

static void check_windows(void)
{
	int next = (rank + 1) % size, before = (rank + size - 1) % size, *base;
	MPI_Win win;

	MPI_Win_allocate(1000 * sizeof(int), sizeof(int), MPI_INFO_NULL, MPI_COMM_WORLD, &base, &win);
	memset(base, 0, 1000 * sizeof(int));
	MPI_Win_fence(0, win);
	for (int i = 0; i < 1000; i++)
		MPI_Put(&rank, 1, MPI_INT, next, i, 1, MPI_INT, win);
	MPI_Win_fence(0, win);
	for (int i = 0; i < 1000; i++)
		expect(base[i] == before, "what was put");
	MPI_Win_free(&win);
	MPI_Win_allocate_shared(4096, 1, MPI_INFO_NULL, MPI_COMM_WORLD, &base, &win);
	MPI_Win_fence(0, win);
	base[0] = rank + 100;
	MPI_Win_fence(0, win);
	{
		MPI_Aint length;
		int unit, *other;

		MPI_Win_shared_query(win, next, &length, &unit, &other);
		expect(other[0] == next + 100, "shared memory");
	}
	MPI_Win_fence(0, win);
	MPI_Win_free(&win);
}

static void check_file(void)
{
	const char *dir = getenv("TMPDIR");
	char path[256];
	int value = rank * 3, got = -1;
	MPI_File file;

	snprintf(path, sizeof(path), "%s/rank-file", dir ? dir : "/tmp");
	expect(MPI_File_open(MPI_COMM_WORLD, path, MPI_MODE_RDWR | MPI_MODE_CREATE | MPI_MODE_DELETE_ON_CLOSE,
			     MPI_INFO_NULL, &file) == MPI_SUCCESS, "opening a file");
	MPI_File_write_at_all(file, rank * (MPI_Offset)sizeof(int), &value, 1, MPI_INT, MPI_STATUS_IGNORE);
	MPI_File_sync(file);
	MPI_Barrier(MPI_COMM_WORLD);
	MPI_File_read_at_all(file, (rank + 1) % size * (MPI_Offset)sizeof(int), &got, 1, MPI_INT, MPI_STATUS_IGNORE);
	expect(got == (rank + 1) % size * 3, "what the file has");
	MPI_File_close(&file);
}

static void streams(void)
{
	char line[256];

	while (!rank && fgets(line, sizeof(line), stdin))
		fputs(line, stdout);
	printf("rank %d's output\n", rank);
	fprintf(stderr, "rank %d's errors\n", rank);
}

static void *talk(void *tag)
{
	int next = (rank + 1) % size, before = (rank + size - 1) % size, t = *(int *)tag, out, in;

	for (int i = 0; i < 200; i++) {
		out = i * 10 + t;
		MPI_Sendrecv(&out, 1, MPI_INT, next, t, &in, 1, MPI_INT, before, t, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
		expect(in == out, "a thread's message");
	}
	return NULL;
}

static void check_threads(void)
{
	pthread_t thread;
	int one = 1, two = 2;

	pthread_create(&thread, NULL, talk, &one);
	talk(&two);
	pthread_join(thread, NULL);
}

static void end_as(const char *how, int status)
{
	volatile int *volatile nowhere = NULL;

	if (rank == size - 1) {
		if (strcmp(how, "abort") == 0)
			MPI_Abort(MPI_COMM_WORLD, status);
		if (strcmp(how, "exit") == 0)
			_exit(status);
		if (strcmp(how, "crash") == 0)
			*nowhere = 1;
		/* wait */
		printf("waiting\n");
		fflush(stdout);
		for (;;)
			pause();
	}
	MPI_Barrier(MPI_COMM_WORLD);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "hello";
	int given;

	MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &given);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	if (strcmp(what, "hello") == 0) {
		printf("rank %d of %d\n", rank, size);
	} else if (strcmp(what, "ring") == 0) {
		check_messages(argc > 2 ? (unsigned int)atoi(argv[2]) : 8192);
		check_collectives();
	} else if (strcmp(what, "check") == 0) {
		check_messages(MAX_MESSAGE);
		check_collectives();
		check_windows();
		check_file();
	} else if (strcmp(what, "streams") == 0) {
		streams();
	} else if (strcmp(what, "threads") == 0) {
		expect(given == MPI_THREAD_MULTIPLE, "the level of threads");
		check_threads();
	} else {
		end_as(what, argc > 2 ? atoi(argv[2]) : 0);
	}
	MPI_Allreduce(MPI_IN_PLACE, &bad, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
	if (!rank && !bad && strstr("ring check threads", what))
		printf("all right\n");
	MPI_Finalize();
	return bad;
}
