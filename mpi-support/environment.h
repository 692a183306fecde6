/* SPDX-License-Identifier: MIT */
/*
 * environment.h - the variables that an MPI rank on an isle wants.
 *
 * Each is set unless the user has set it, and has one line that says why it is there.
 */
#ifndef MPI_SUPPORT_ENVIRONMENT_H
#define MPI_SUPPORT_ENVIRONMENT_H

#include "refusal.h"

#include <stdbool.h>
#include <stdio.h>

#define RANKENV_MAX    12
#define RANKENV_NOTES  2

struct rankenv_ask {
	bool one_host;         /* no rank is on another host */
	const char *topology;  /* hwloc XML file of the isle, or NULL: none yet */
};

struct rankenv_var {
	const char *name, *value;
	const char *reason;
	const char *users;     /* the user's value, which stays; NULL: ours is set */
};

struct rankenv {
	unsigned int nr, nr_notes;
	struct rankenv_var var[RANKENV_MAX];
	struct refusal note[RANKENV_NOTES];  /* about values of the user */
};

/* Works out what to set; envp and ask->topology must live as long as env. */
void rankenv_plan(const struct rankenv_ask *ask, char *const *envp, struct rankenv *env);

/* Sets it in this process. 0 or -errno. */
int rankenv_apply(const struct rankenv *env);

/* One line a variable, for --dry-run. */
void rankenv_print(FILE *out, const struct rankenv *env);

#endif
