// SPDX-License-Identifier: MIT
/*
 * phases.c - ranks that go from phase to phase when a script says so, and in between ask nobody for anything.
 *
 *     mpirun -n 2 phases FILE       FILE: see control.h
 *
 * Phase 1 is before MPI_Init, phase 2 after it; the rest are in the table below, each repeated until the next one is
 * wanted. "calls" does deliberately what the others must not do: it shows that the counters count. `phases --list`
 * prints the number and name of each.
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <mpi.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#include "control.h"

enum { MAX_MESSAGE = 4 << 20, WARM = 32, PHASE_START = 1, PHASE_INIT, PHASE_FIRST };

static struct control *control;
static int rank;
static char *buffer;
static MPI_Win win;

static void ping(int length)
{
	if (rank == 0) {
		MPI_Send(buffer, length, MPI_CHAR, 1, 9, MPI_COMM_WORLD);
		MPI_Recv(buffer, length, MPI_CHAR, 1, 9, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
	} else {
		MPI_Recv(buffer, length, MPI_CHAR, 0, 9, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
		MPI_Send(buffer, length, MPI_CHAR, 0, 9, MPI_COMM_WORLD);
	}
}

static void allreduce(int length)
{
	double x[128] = { 1 }, y[128];

	MPI_Allreduce(x, y, length / 8, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
	if (y[0] != 2)
		MPI_Abort(MPI_COMM_WORLD, 3);
}

static void put(int length)
{
	MPI_Put(buffer, length, MPI_CHAR, !rank, 0, length, MPI_CHAR, win);
	MPI_Win_fence(0, win);
}

static void get(int length)
{
	MPI_Get(buffer, length, MPI_CHAR, !rank, 0, length, MPI_CHAR, win);
	MPI_Win_fence(0, win);
}

static atomic_int bell;

/* A thread that sleeps, on another core of the isle if there is one, until the word changes. */
static void *sleeper(void *arg)
{
	int seen = 0;

	while (seen >= 0) {
		syscall(SYS_futex, &bell, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
		seen = atomic_load(&bell);
	}
	return arg;
}

static void calls(int length)
{
	static pthread_t thread;
	struct timespec moment = { .tv_nsec = 1000000 };
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (!thread)
		pthread_create(&thread, NULL, sleeper, NULL);
	*(volatile char *)page = (char)length;
	munmap(page, 4096);
	lseek(0, 0, SEEK_CUR);
	nanosleep(&moment, NULL);
	atomic_fetch_add(&bell, 1);
	syscall(SYS_futex, &bell, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	MPI_Barrier(MPI_COMM_WORLD);
}

static const struct {
	const char *name;
	void (*round)(int length);
	int length;
} phases[] = {
	{ "ping-0", ping, 0 },
	{ "ping-8", ping, 8 },
	{ "ping-4096", ping, 4096 },
	{ "ping-65536", ping, 65536 },
	{ "ping-4194304", ping, MAX_MESSAGE },
	{ "allreduce-8", allreduce, 8 },
	{ "allreduce-1024", allreduce, 1024 },
	{ "put-1024", put, 1024 },
	{ "get-1024", get, 1024 },
	{ "calls", calls, 0 },
};
enum { PHASES = sizeof(phases) / sizeof(phases[0]) };

/* Until the script wants phase n. */
static void wait_for(int n)
{
	while (control->wanted < n)
		__asm__ volatile("pause" ::: "memory");
}

/* Rank 0 alone decides which round is the last, before it begins that round; so the other knows in time. */
static void phase_run(int k)
{
	int n = PHASE_FIRST + k, last = 0;
	long i;

	for (i = 1; !last; i++) {
		if (rank == 0 && i > WARM && control->wanted > n)
			control->last_round[n] = i;
		phases[k].round(phases[k].length);
		last = control->last_round[n] == i;
		if (i == WARM)
			control->at[rank] = (unsigned char)n;
	}
	if (rank == 0)
		printf("%s: %ld rounds\n", phases[k].name, i - 1);
}

static void list(void)
{
	printf("%d start\n%d init\n", PHASE_START, PHASE_INIT);
	for (int k = 0; k < PHASES; k++)
		printf("%d %s\n", PHASE_FIRST + k, phases[k].name);
}

int main(int argc, char **argv)
{
	const char *launched = getenv("PMI_RANK");
	char *base;
	int size;

	if (argc > 1 && strcmp(argv[1], "--list") == 0) {
		list();
		return 0;
	}
	if (argc < 2 || !launched || atoi(launched) >= CONTROL_RANKS) {
		fprintf(stderr, "usage: mpirun -n 2 phases FILE    (or phases --list)\n");
		return 2;
	}
	control = control_map(argv[1]);
	control->at[atoi(launched)] = PHASE_START;
	wait_for(PHASE_INIT);
	MPI_Init(&argc, &argv);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	control->at[rank] = PHASE_INIT;
	wait_for(PHASE_FIRST);
	if (size != 2)
		MPI_Abort(MPI_COMM_WORLD, 2);
	buffer = calloc(1, MAX_MESSAGE);
	MPI_Win_allocate(MAX_MESSAGE, 1, MPI_INFO_NULL, MPI_COMM_WORLD, &base, &win);
	memset(base, 0, MAX_MESSAGE);
	MPI_Win_fence(0, win);
	for (int k = 0; k < PHASES; k++)
		phase_run(k);
	/* The sleeper ends with the process. */
	MPI_Win_free(&win);
	MPI_Finalize();
	return 0;
}
