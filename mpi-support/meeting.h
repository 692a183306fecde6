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

struct meet_ask {
	const char *dir;         /* the same for all ranks; NULL: XDG_RUNTIME_DIR or /dev/shm */
	const char *key;         /* of the job, from job_key_read() */
	pid_t       launcher;    /* its process, or 0: not known */
	uint64_t    launcher_start;
	uint32_t    rank, size;  /* local */
	uint32_t    timeout_ms;  /* for each step; 0: MEET_TIMEOUT_MS */
};

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
/* All have come, and all gave the same digest of their plan. */
int meet_agree(struct meeting *meeting, uint64_t digest, struct refusal *why);
/* This rank has its isle; returns when all have, or with a failure: give the isle back. */
int meet_taken(struct meeting *meeting, struct refusal *why);

/* This rank cannot go on: tells the others why. Does nothing when the job is decided already. */
void meet_refuse(struct meeting *meeting, const char *sentence);

/* May be called in any state, and must be; a second call does nothing. */
void meet_leave(struct meeting *meeting);

/* Start time of a process in clock ticks; 0 if there is none such, or it is a zombie. */
uint64_t meet_process_start(pid_t pid);

/* Names the process numbers' namespace: containers share /dev/shm more often than numbers. */
unsigned long meet_pid_namespace(void);

#endif
