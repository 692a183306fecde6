/* SPDX-License-Identifier: MIT */
/*
 * places.h - which environment makes an OpenMP runtime fit an isle.
 *
 * Pure: from the isle's CPUs and the user's environment comes a list of settings, each with the
 * reason that a dry run prints. Nothing is read from the machine and nothing is set.
 *
 * Rules:
 *   - one thread a core, places in core order; the other hardware threads of a core stay free;
 *   - as many threads as cores or fewer: wait actively, nobody else could use the core;
 *     more threads than cores: wait passively, a spinning thread would hold up the others;
 *   - what the user set stays, and so does everything it implies: who asks for passive waiting gets
 *     no setting that spins, who binds threads in one way gets no second way beside it.
 * CPU numbers are Linux's, on an isle too: its /sys and its affinity masks use the same ones.
 */
#ifndef OPENMP_PLACES_H
#define OPENMP_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#define PLACES_MAX_SETTINGS  16

struct places_cpu {
	uint32_t cpu;     /* Linux's number */
	uint32_t core;    /* any number that tells cores apart, over all nodes */
	uint32_t thread;  /* of the hardware threads of its core, from 0 */
	uint32_t node;
};

struct places_ask {
	const struct places_cpu *cpus;  /* in any order, each once */
	unsigned int nr_cpus;
	const char *const *env;         /* NAME=VALUE, ends with NULL: what the user set; or NULL */
	const char *ompt;               /* path of libisle-ompt.so, or NULL: no report is wanted */
};

struct places_setting {
	const char *name;
	char *text;          /* NAME=VALUE as it goes into the environment */
	const char *reason;  /* one line */
	bool kept;           /* the user's own: shown, not to be set again */
};

struct places {
	unsigned int nr_cores;    /* cores of the isle */
	unsigned int nr_threads;  /* threads that the program will have, nested regions included */
	bool active;              /* threads spin while they wait */
	unsigned int nr;
	struct places_setting setting[PLACES_MAX_SETTINGS];
};

/* 0; -EINVAL: no CPUs; -ENOMEM. After an error there is nothing to free. */
int places_make(const struct places_ask *ask, struct places *places);
void places_free(struct places *places);

/* The setting of a name, or NULL. */
const struct places_setting *places_find(const struct places *places, const char *name);

#endif
