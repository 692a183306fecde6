/* SPDX-License-Identifier: MIT */
/*
 * rank_env.h - the variables of a program on an isle: those of MPI for ranks, those of OpenMP for all.
 */
#ifndef PROXY_RANK_ENV_H
#define PROXY_RANK_ENV_H

#include "plat/plat.h"

#include "environment.h"
#include "places.h"
#include "placement.h"

#include <stdio.h>

struct rank_env_ask {
	bool launched;                        /* by an MPI launcher */
	bool one_host;                        /* no rank is on another host */
	const struct plan *plan;              /* the isle's */
	bool renumber;                        /* the program sees its CPUs numbered from 0 */
	const struct place_reserve *reserve;  /* says which CPUs are one core; NULL: none are */
	char **envp;                          /* the user's; must outlive the rest */
};

struct rank_env {
	bool launched;
	struct rankenv mpi;
	struct places openmp;
	int topology_fd;                      /* file for hwloc, below; -1: none */
	char topology[48];
};

/* 0 or -errno; a struct of zeros may be freed. */
int rank_env_make(struct rank_env *env, const struct rank_env_ask *ask);
/* Sets them in this process, which hands its environment to the program. 0 or -errno. */
int rank_env_apply(const struct rank_env *env);
void rank_env_print(const struct rank_env *env, FILE *out);
void rank_env_free(struct rank_env *env);

#endif
