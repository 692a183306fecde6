/* SPDX-License-Identifier: MIT */
/*
 * record.h - where the callbacks write: a slot for each thread of a team, a table for each thread
 * that starts regions.
 *
 * Nobody takes a lock. A slot is written by its own thread only; the primary thread of the team
 * reads the slots after a barrier, when it holds what the others wrote before they arrived. What
 * one region instance cost is added to a table of the primary thread, which only that thread
 * writes; the tables are summed at exit. Memory comes from mmap when a thread starts its first
 * region or a larger team than before, and is used again after that.
 */
#ifndef OMPT_RECORD_H
#define OMPT_RECORD_H

#include "noise.h"

#include <stdbool.h>
#include <stdint.h>

#define RECORD_LINE     64
#define RECORD_REGIONS  512  /* places in a table; what finds none is counted as dropped */

/* What one thread did at one barrier. */
struct arrival {
	uint64_t at;    /* when it arrived */
	uint64_t busy;  /* time in explicit tasks that it ran while it waited */
	uint64_t done;  /* when it had no more to do: at, or the end of its last such task */
};

struct team;

/*
 * The first line is what the primary reads at every barrier. Two arrivals, by the parity of the
 * barrier's number: nobody reaches the barrier after the next before the primary has read this one.
 */
struct slot {
	uint32_t serial;  /* of the region instance that it belongs to */
	uint32_t seq;     /* barriers that the thread arrived at */
	struct arrival arrive[2];

	struct team *team __attribute__((aligned(RECORD_LINE)));
	uint32_t index;
	bool waiting;         /* between arrival and departure */
	uint64_t task_start;  /* of the explicit task running while waiting, or 0 */
	uint64_t noise_time;  /* when noise was last read */
	uint64_t start[NR_NOISE], noise[NR_NOISE];
} __attribute__((aligned(RECORD_LINE)));

struct region {
	const void *code;       /* return address of the call that starts it */
	uint64_t count;
	uint64_t ticks, max;    /* duration seen by the primary: sum, longest */
	uint64_t thread_ticks;  /* sum of duration times threads */
	uint64_t lost;          /* imbalance, see docs/openmp.md */
	uint64_t sampled;       /* instances in which noise was read */
	uint64_t sampled_ticks; /* their share of thread_ticks */
	int64_t noise[NR_NOISE];
	uint32_t threads;       /* largest team */
};

struct team {
	struct team *next;      /* in the pool of its record */
	struct region *region;
	uint64_t begin, lost;
	uint32_t serial;        /* instances that used this team, from 1 */
	uint32_t seq;           /* barriers accounted for */
	uint32_t nr;            /* threads, 0 until the primary began */
	uint32_t capacity;      /* of slots */
	bool sample;
	struct slot *slots;
};

struct record {
	struct record *next;
	struct team *pool;
	uint64_t dropped;
	uint32_t used;          /* a thread owns it */
	struct region region[RECORD_REGIONS];
} __attribute__((aligned(RECORD_LINE)));

/* The calling thread's record, made at its first use; NULL without memory. */
struct record *record_get(void);
/* Gives the record to the next thread that needs one; what it counted stays. */
void record_release(void);
/* All records of the process. */
struct record *record_first(void);

/* Entry of a region in a table, or NULL if the table is full. */
struct region *record_region(struct record *rec, const void *code);

/* A team with room for so many threads, from the pool if it can be; NULL without memory. */
struct team *record_team(struct record *rec, uint32_t threads);
void record_team_put(struct record *rec, struct team *team);

/* Primary, after barrier number seq: adds to team->lost what the team lost at it. */
void record_barrier(struct team *team, uint32_t seq);

/* Regions of all records, equal ones summed, the longest first; malloc'ed. -ENOMEM, or a number. */
int record_merge(struct region **regions, uint64_t *dropped);

#endif
