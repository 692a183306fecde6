/* SPDX-License-Identifier: MIT */
/*
 * place_room.h - the part of the reserve that a job may use, by node and core.
 *
 * Between the reserve as the module tells it and the arithmetic of placement.c.
 */
#ifndef MPI_SUPPORT_PLACE_ROOM_H
#define MPI_SUPPORT_PLACE_ROOM_H

#include "placement.h"

struct place_core {
	uint32_t first, nr;        /* CPUs, in struct place_room.cpu */
};

struct place_node {
	uint32_t id;
	uint32_t first, nr;        /* cores that can be used, in struct place_room.core */
	uint32_t nr_cpus;          /* of these */
	uint32_t nr_free;          /* free cores, also those that the request leaves out */
	uint64_t mem;              /* granules */
	uint32_t ranks;            /* placed here */
};

/* Nodes are in the order in which ranks are numbered: package by package. */
struct place_room {
	uint32_t nr_cpus, nr_cores, nr_nodes;
	uint32_t width;            /* CPUs of the widest core */
	struct place_cpu cpu[1024];
	struct place_core core[1024];
	struct place_node node[ISLE_MAX_NODES];
};

/* 0, or -errno with a sentence: the reserve or the lists of the request make no sense. */
int place_room_make(const struct place_reserve *reserve, const struct place_ask *ask,
		    struct place_room *room, struct refusal *why);

/* What one rank needs at least. */
struct place_need {
	uint32_t cpus;
	uint64_t mem;              /* granules; 0: whatever there is */
};

/* Nodes [first, first + nr) of a room, for one rank. */
struct place_run {
	uint32_t first, nr;
};

/* How many ranks fit, in whichever shape holds more. */
uint32_t place_holds(const struct place_room *room, const struct place_need *need);

/*
 * Each rank on one node: sets node.ranks. Returns the smallest share in cores, 0 if the ranks do
 * not fit so.
 */
uint32_t place_spread(struct place_room *room, uint32_t ranks, const struct place_need *need);

/*
 * Each rank on whole nodes: equally many a rank, or as many as a rank needs. Returns the cores of
 * the smallest run, 0 if the ranks do not fit so. run: [ISLE_MAX_NODES], ranks at most that many.
 */
uint32_t place_even_runs(const struct place_room *room, uint32_t ranks,
			 const struct place_need *need, struct place_run *run);
uint32_t place_needed_runs(const struct place_room *room, uint32_t ranks,
			   const struct place_need *need, struct place_run *run);

#endif
