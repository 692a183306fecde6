/* SPDX-License-Identifier: MIT */
/*
 * rank.h - this process as one rank of an MPI job: its part of the reserve, its meeting with the other
 * local ranks, its variables. Without a launcher it is a job of one, which meets nobody.
 *
 * run.c calls rank_begin, rank_place, then takes and loads the isle, then rank_environment and
 * rank_taken; rank_refuse instead at any failure; rank_end always. How a job is placed and meets is
 * mpi-support's.
 */
#ifndef PROXY_RANK_H
#define PROXY_RANK_H

#include "plat/plat.h"

#include <stdio.h>

struct rank;

/*
 * Reads who this process is and joins the other ranks of the host, if a launcher started it. *rank is to
 * be ended in any case, NULL is fine. 0, or -errno with a sentence in isle->why.
 */
int rank_begin(struct rank **rank, const struct config *config, struct isle *isle);

/*
 * Plans the whole job together with the other ranks and leaves this rank's part in isle->plan. 1: done;
 * 0: there is nothing to agree about, the platform plans; or -errno with a sentence.
 */
int rank_place(struct rank *rank, struct isle *isle);

/* Sets the variables that MPI and OpenMP want on this isle, but none that the user has set. 0 or -errno. */
int rank_environment(struct rank *rank, struct isle *isle);

/*
 * After rank_environment(): a descriptor that is readable once the process that started the ranks of this host has
 * ended; -1: there is none such. Nobody then waits for the rank, nor ends it.
 */
int rank_launcher_fd(const struct rank *rank);

/* The isle is this rank's. Returns when all ranks have theirs: 0, or -errno with a sentence: give it back. */
int rank_taken(struct rank *rank, struct isle *isle);

/* The job cannot go on, as isle->why says: tells the other ranks, and the user, unless another rank does. */
void rank_refuse(struct rank *rank, const struct isle *isle);

/* The plan was printed: ends the job, with 0, if it has ranks on Linux. They would wait for this one for ever. */
void rank_rehearsed(const struct rank *rank);

/* Ends the job, after rank_refuse(): ranks on Linux would wait for this one for ever. */
void rank_abort(const struct rank *rank, int status);

/*
 * For --dry-run. The job's plan, by the first of its ranks; as JSON also the plan of an isle without a job. False:
 * there is no job, and the caller is to print isle->plan.
 */
bool rank_print(struct rank *rank, struct isle *isle, FILE *out, bool json);
/* After rank_environment(). */
void rank_print_variables(const struct rank *rank, FILE *out);

void rank_end(struct rank *rank);

#endif
