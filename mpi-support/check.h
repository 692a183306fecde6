/* SPDX-License-Identifier: MIT */
/*
 * check.h - does the MPI library of a program fit isles?
 *
 * MPICH with device ch4:ucx and a UCX that has the posix transport does. The answer is read from
 * the files themselves: what ldd lists, and texts that every MPICH carries.
 */
#ifndef MPI_SUPPORT_CHECK_H
#define MPI_SUPPORT_CHECK_H

#include "refusal.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define FIT_PATH  512

enum fit_mpi { FIT_MPI_NONE, FIT_MPI_MPICH, FIT_MPI_OPEN, FIT_MPI_OTHER };

/* What ldd says about a program. */
struct fit_libraries {
	enum fit_mpi mpi;
	bool is_static;                /* no dynamic section */
	char mpi_path[FIT_PATH];
	char uct_path[FIT_PATH];       /* UCX transports; empty: not linked */
	char lost[FIT_PATH];           /* first library that is not found */
};

enum { FIT_POSIX = 1, FIT_SYSV = 2, FIT_SELF = 4, FIT_TCP = 8, FIT_CMA = 16 };

struct fit {
	struct fit_libraries libraries;
	char device[64];               /* "ch4:ucx"; empty: not found */
	char version[64];
	uint32_t transports;           /* FIT_* */
	struct refusal note;           /* MSG_NONE: nothing to say */
};

/* Pure: reads the output of ldd, and texts in the bytes of a library. */
void fit_read_ldd(FILE *in, struct fit_libraries *libraries);
bool fit_find_device(const void *bytes, size_t size, char device[64]);
uint32_t fit_find_transports(const void *bytes, size_t size);
/* Pure: the output of mpichversion. False: that is not what it is. */
bool fit_read_mpichversion(FILE *in, char version[64], char device[64]);

/* Looks at a program. 0: it fits, or -errno with a sentence. */
int fit_program(const char *path, struct fit *fit, struct refusal *why);

#endif
