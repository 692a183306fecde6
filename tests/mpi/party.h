/* SPDX-License-Identifier: MIT */
/*
 * party.h - local ranks of a pretended job: real processes that meet and note how it went.
 */
#ifndef TESTS_MPI_PARTY_H
#define TESTS_MPI_PARTY_H

#include "meeting.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PARTY_MAX  8

/* Written by the member, read by the test; survives the member's death. */
struct guest_notes {
	int joined, agreed, taken;  /* results */
	int joined_at_all, took, started, left;
	enum message message;
	char text[REFUSAL_SIZE];
	unsigned long long ms;      /* from joining to the end */
};

struct guest {
	uint32_t rank, size;        /* size 0: of the party */
	uint64_t digest;
	unsigned int late_ms;       /* before joining */
	unsigned int slow_ms;       /* for taking the isle */
	bool cannot_take, silent;   /* refuses; leaves without a word after joining */
	bool twice;                 /* meets again afterwards */
};

struct party {
	const char *key;
	const char *dir;            /* NULL: the test's own */
	uint32_t size;
	unsigned int timeout_ms;
	pid_t launcher;             /* 0: not known */
	uint64_t launcher_start;
	struct guest guest[PARTY_MAX];
	pid_t pid[PARTY_MAX];       /* 0: not running */
	struct guest_notes *notes;  /* [PARTY_MAX], shared */
};

/* A directory of its own for all parties of a test, and its end. */
void party_begin(void);
void party_end(void);
const char *party_dir(void);
/* Files of meetings in it. */
unsigned int party_files(void);

/* A party with `size` guests who do everything right. */
void party_make(struct party *party, const char *key, uint32_t size, unsigned int timeout_ms);
void party_start(struct party *party);
void party_start_one(struct party *party, uint32_t rank);
void party_kill(struct party *party, uint32_t rank);
void party_wait(struct party *party);
void party_free(struct party *party);

#endif
