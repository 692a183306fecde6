/* SPDX-License-Identifier: MIT */
/*
 * meeting.h - local ranks of a job meet, so that the job gets all of its isles or none.
 *
 * Every rank joins, agrees (all have come and planned the same), takes its isle, and says so; only
 * when all have said so does any rank start its program. Whatever goes wrong before that - a rank
 * dies, comes late, cannot get its cores - is decided once and told to all, and each gives its
 * isle back. The decision lies in a file that the ranks map; flock guards it, because the kernel
 * takes that lock away from a dead process. Waiting is always bounded.
 *
 * The last to leave removes the file; what killed ranks left behind the next job removes.
 */
#ifndef MPI_SUPPORT_MEETING_H
#define MPI_SUPPORT_MEETING_H

#include "refusal.h"

#include <stdint.h>
#include <sys/types.h>

#define MEET_TIMEOUT_MS  30000u
#define MEET_CARD_SIZE   192u   /* bytes that a rank may show to the others */

struct meet_ask {
	const char *dir;         /* the same for all ranks; NULL: XDG_RUNTIME_DIR or /dev/shm */
	const char *key;         /* of the job, from job_key_read() */
	pid_t       launcher;    /* its process, or 0: not known */
	uint64_t    launcher_start;
	uint32_t    rank, size;  /* local */
	uint32_t    timeout_ms;  /* for each step; 0: MEET_TIMEOUT_MS */
	const void *card;        /* what the others are to know of this rank, or NULL */
	uint32_t    card_size;   /* at most MEET_CARD_SIZE */
};

/* Where a rank is that has not come. */
enum meet_where { MEET_COMING, MEET_ON_LINUX, MEET_GONE };

struct meet_file;  /* meet_file.h */

struct meeting {
	struct meet_ask ask;
	struct meet_file *file;
	size_t length;
	int    dir, fd;          /* -1: nobody to meet */
	char   path[256];        /* for sentences */
	char   name[128];        /* in dir */
};

/*
 * dir and key must outlive the meeting. Each returns 0, or -errno with a sentence; after a failure
 * the job is refused for all ranks, and only meet_leave() is left to do.
 */
int meet_join(struct meeting *meeting, const struct meet_ask *ask, struct refusal *why);
/*
 * Every local rank has come, or needs no isle. where() is asked now and then for each rank that is
 * missing, without a lock: on Linux counts as no part of the meeting; gone ends it.
 */
int meet_gather(struct meeting *meeting,
		enum meet_where (*where)(void *ctx, uint32_t rank, uint64_t waited_ms), void *ctx,
		struct refusal *why);
/*
 * After meet_gather(): the ranks that came, ascending, into ranks[ask.size]; returns how many. And
 * what one of them showed: MEET_CARD_SIZE bytes, zeros at the end, to be checked as from a stranger.
 */
uint32_t meet_list(const struct meeting *meeting, uint32_t *ranks);
void meet_card(const struct meeting *meeting, uint32_t rank, void *card);
/* The lowest rank that has come so far: the one that speaks when all would say the same. */
uint32_t meet_first(const struct meeting *meeting);

/* All have come, and all gave the same digest of their plan. */
int meet_agree(struct meeting *meeting, uint64_t digest, struct refusal *why);
/* This rank has its isle; returns when all have, or with a failure: give the isle back. */
int meet_taken(struct meeting *meeting, struct refusal *why);

/* This rank cannot go on: tells the others why. Does nothing when the job is decided already. */
void meet_refuse(struct meeting *meeting, const char *sentence);
/* The job cannot go on, whichever rank one asks: the others are told just that. err: -errno. */
void meet_refuse_all(struct meeting *meeting, const struct refusal *why, int err);

/* May be called in any state, and must be; a second call does nothing. */
void meet_leave(struct meeting *meeting);

/*
 * After a refusal and meet_leave(): waits until the others have heard of it, but not long. For who
 * is about to end the whole job by force.
 */
void meet_farewell(const struct meeting *meeting);

/* Start time of a process in clock ticks; 0 if there is none such, or it is a zombie. */
uint64_t meet_process_start(pid_t pid);

/* Names the process numbers' namespace: containers share /dev/shm more often than numbers. */
unsigned long meet_pid_namespace(void);

#endif
