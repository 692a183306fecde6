/* SPDX-License-Identifier: MIT */
/* pingpong.c - messages of all sizes to the next rank, an allreduce and a window; says whether all was right. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int wrong;

static void exchange(int rank, int size, int len)
{
	unsigned char *out = malloc((size_t)len + 1), *in = malloc((size_t)len + 1);
	int next = (rank + 1) % size, before = (rank + size - 1) % size;

	memset(out, rank + 1, (size_t)len + 1);
	memset(in, 0, (size_t)len + 1);
	MPI_Sendrecv(out, len, MPI_BYTE, next, len & 1023, in, len, MPI_BYTE, before, len & 1023, MPI_COMM_WORLD,
		     MPI_STATUS_IGNORE);
	for (int i = 0; i < len; i++)
		wrong += in[i] != before + 1;
	wrong += in[len] != 0;
	free(out);
	free(in);
}

int main(int argc, char **argv)
{
	static const int lengths[] = { 0, 1, 8, 1000, 8192, 65536, 1 << 20, 5000000 };
	int rank, size, *window, all;
	double mine, sum = 0;
	MPI_Win win;

	MPI_Init(&argc, &argv);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++)
		exchange(rank, size, lengths[i]);
	mine = rank + 1;
	MPI_Allreduce(&mine, &sum, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
	wrong += sum != size * (size + 1) / 2.0;
	MPI_Win_allocate(4096, 4, MPI_INFO_NULL, MPI_COMM_WORLD, &window, &win);
	MPI_Win_fence(0, win);
	MPI_Put(&rank, 1, MPI_INT, (rank + 1) % size, 5, 1, MPI_INT, win);
	MPI_Win_fence(0, win);
	wrong += window[5] != (rank + size - 1) % size;
	MPI_Win_free(&win);
	MPI_Allreduce(&wrong, &all, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
	if (!rank)
		printf("%d rank%s: %s\n", size, size > 1 ? "s" : "", all ? "wrong" : "right");
	MPI_Finalize();
	return all != 0;
}
