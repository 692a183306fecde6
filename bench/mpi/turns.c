// SPDX-License-Identifier: MIT
/*
 * turns.c - what a message costs in instructions: two ranks that take turns, so that none ever waits inside of MPI.
 *
 * Ranks that wait look for messages, more or less often as the machine likes it, and this is not what a message
 * costs. Here a rank makes one call (Isend, Irecv, Test, ...), hands the turn to the other through shared memory, and
 * only what it does in its turn is counted, by marks that QEMU's plugin sees (marks.h). The calls of a message and
 * their order are then the same everywhere, and so should be the instructions.
 *
 *     mpirun -n 2 turns FIRST [ITEMS]     kinds are numbered from FIRST; prints "kind NUMBER NAME" for each
 *
 * Ends with 1 if a message is not what was sent.
 */
#define _GNU_SOURCE
#include <mpi.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "marks.h"

enum { MAX_MESSAGE = 4 << 20, WARM = 8, ROUND = 128, MANY_TURNS = 1000000, LOOP = 1000 };

/* Shared by the two ranks. */
struct baton {
	int whose;
	int done[2];
	unsigned int met[2];
};

static struct baton *baton;
static int rank, wrong;
static char *out, *in, *base;
static double sum_in[128], sum_out[128];
static MPI_Win win;

static void turn_take(void)
{
	while (__atomic_load_n(&baton->whose, __ATOMIC_ACQUIRE) != rank)
		__asm__ volatile("pause" ::: "memory");
}

static void turn_give(void)
{
	__atomic_store_n(&baton->whose, !rank, __ATOMIC_RELEASE);
}

/* Both are here. */
static void meet(void)
{
	unsigned int n = baton->met[rank] + 1;

	__atomic_store_n(&baton->met[rank], n, __ATOMIC_RELEASE);
	while ((int)(__atomic_load_n(&baton->met[!rank], __ATOMIC_ACQUIRE) - n) < 0)
		__asm__ volatile("pause" ::: "memory");
}

/* One counted call in this rank's turn. */
#define TURN(call) do { \
	turn_take(); \
	MARK(MARK_BEGIN); \
	call; \
	MARK(MARK_END); \
	turn_give(); \
} while (0)

/* Turns until the requests of both ranks are complete; who has none helps the other, as a rank does that is in MPI. */
static void turns_until_done(MPI_Request *request)
{
	int turns, done = *request == MPI_REQUEST_NULL, flag;

	for (turns = 0; turns < MANY_TURNS; turns++) {
		turn_take();
		if (turns && baton->done[0] && baton->done[1])
			break;
		MARK(MARK_BEGIN);
		if (done)
			MPI_Iprobe(MPI_ANY_SOURCE, 99, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE);
		else
			MPI_Test(request, &done, MPI_STATUS_IGNORE);
		MARK(MARK_END);
		baton->done[rank] = done;
		turn_give();
	}
	/* The other has yet to see it. */
	turn_give();
	meet();
	if (rank == 0)
		baton->whose = baton->done[0] = baton->done[1] = 0;
	meet();
}

static void ping(int length)
{
	MPI_Request request = MPI_REQUEST_NULL;

	memset(in, 0xee, (size_t)length);
	if (rank == 0)
		TURN(MPI_Isend(out, length, MPI_CHAR, 1, 1, MPI_COMM_WORLD, &request));
	else
		TURN(MPI_Irecv(in, length, MPI_CHAR, 0, 1, MPI_COMM_WORLD, &request));
	turns_until_done(&request);
	wrong |= rank == 1 && memcmp(in, out, (size_t)length) != 0;
}

static void allreduce(int length)
{
	MPI_Request request;

	TURN(MPI_Iallreduce(sum_out, sum_in, length / 8, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD, &request));
	turns_until_done(&request);
	wrong |= sum_in[0] != 3;
}

static void put(int length)
{
	MPI_Request request = MPI_REQUEST_NULL;
	int flag;

	if (rank == 0)
		TURN(MPI_Rput(out, length, MPI_CHAR, 1, 0, length, MPI_CHAR, win, &request));
	else
		TURN(MPI_Iprobe(MPI_ANY_SOURCE, 99, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE));
	turns_until_done(&request);
}

static void get(int length)
{
	MPI_Request request = MPI_REQUEST_NULL;
	int flag;

	memset(in, 0xee, (size_t)length);
	if (rank == 0)
		TURN(MPI_Rget(in, length, MPI_CHAR, 1, 0, length, MPI_CHAR, win, &request));
	else
		TURN(MPI_Iprobe(MPI_ANY_SOURCE, 99, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE));
	turns_until_done(&request);
	wrong |= rank == 0 && memcmp(in, out, (size_t)length) != 0;
}

/* 2001 instructions a rank: shows that what counts counts right. */
static void loop(int turns)
{
	TURN(__asm__ volatile("1: decl %0; jnz 1b" : "+r"(turns)));
}

static const struct {
	const char *name;
	void (*run)(int length);
	int length, items;   /* items: a factor's divisor */
} kinds[] = {
	{ "loop", loop, LOOP, 1 },
	{ "ping-0", ping, 0, 1 },
	{ "ping-8", ping, 8, 1 },
	{ "ping-1024", ping, 1024, 1 },
	{ "ping-8192", ping, 8192, 1 },
	{ "ping-65536", ping, 65536, 2 },
	{ "ping-4194304", ping, MAX_MESSAGE, 8 },
	{ "allreduce-8", allreduce, 8, 1 },
	{ "allreduce-1024", allreduce, 1024, 1 },
	{ "put-8", put, 8, 1 },
	{ "put-8192", put, 8192, 1 },
	{ "get-8", get, 8, 1 },
	{ "get-8192", get, 8192, 1 },
};

/*
 * First messages set up more than later ones need, and until a ring of buffers has been used once round, each message
 * touches new memory. This goes faster without turns.
 */
static void warm_up(void)
{
	static const int lengths[] = { 8, 1024, 8192, 65536, MAX_MESSAGE };
	unsigned int k;

	for (k = 0; k < sizeof(lengths) / sizeof(lengths[0]); k++) {
		int n = lengths[k], i, times = n > 8192 ? ROUND / 16 : ROUND;

		for (i = 0; i < times; i++)
			MPI_Sendrecv(out, n, MPI_CHAR, !rank, 7, in, n, MPI_CHAR, !rank, 7, MPI_COMM_WORLD,
				     MPI_STATUS_IGNORE);
		for (i = 0; i < times; i++) {
			MPI_Put(out, n, MPI_CHAR, !rank, 0, n, MPI_CHAR, win);
			MPI_Get(in, n, MPI_CHAR, !rank, 0, n, MPI_CHAR, win);
			MPI_Win_flush(!rank, win);
		}
	}
}

/* Marks belong to a CPU: stay where the rank is now. */
static void cpu_stay(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((unsigned int)sched_getcpu(), &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0) {
		perror("turns: sched_setaffinity");
		MPI_Abort(MPI_COMM_WORLD, 2);
	}
}

static void baton_make(MPI_Win *shared)
{
	MPI_Aint size;
	void *mine;
	int unit;

	MPI_Win_allocate_shared(rank ? 0 : 4096, 1, MPI_INFO_NULL, MPI_COMM_WORLD, &mine, shared);
	MPI_Win_shared_query(*shared, 0, &size, &unit, &baton);
	if (!rank)
		memset(baton, 0, sizeof(*baton));
}

int main(int argc, char **argv)
{
	unsigned int first = argc > 1 ? (unsigned int)atoi(argv[1]) : 0, k;
	int items = argc > 2 ? atoi(argv[2]) : 32, i, size;
	MPI_Win shared;

	MPI_Init(&argc, &argv);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	if (size != 2) {
		fprintf(stderr, "turns: start it with two ranks\n");
		MPI_Abort(MPI_COMM_WORLD, 2);
	}
	cpu_stay();
	out = malloc(MAX_MESSAGE);
	in = malloc(MAX_MESSAGE);
	for (i = 0; i < MAX_MESSAGE; i++)
		out[i] = (char)(i * 31);
	for (i = 0; i < 128; i++)
		sum_out[i] = rank + 1;
	baton_make(&shared);
	MPI_Win_allocate(MAX_MESSAGE, 1, MPI_INFO_NULL, MPI_COMM_WORLD, &base, &win);
	memcpy(base, out, MAX_MESSAGE);
	MPI_Win_lock_all(0, win);
	warm_up();
	MPI_Barrier(MPI_COMM_WORLD);
	for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		int n = items / kinds[k].items + 1;

		for (i = 0; i < WARM; i++)
			kinds[k].run(kinds[k].length);
		mark_kind(first + k);
		for (i = 0; i < n; i++) {
			kinds[k].run(kinds[k].length);
			MARK(MARK_ITEM);
		}
		mark_kind(0);
		if (!rank)
			printf("kind %u %s %d\n", first + k, kinds[k].name, n);
	}
	fflush(stdout);
	MPI_Barrier(MPI_COMM_WORLD);
	MPI_Win_unlock_all(win);
	MPI_Allreduce(MPI_IN_PLACE, &wrong, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
	if (!rank)
		printf("%s\n", wrong ? "messages are WRONG" : "all messages right");
	MPI_Win_free(&win);
	MPI_Win_free(&shared);
	MPI_Finalize();
	return wrong;
}
