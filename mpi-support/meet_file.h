/* SPDX-License-Identifier: MIT */
/*
 * meet_file.h - the file in which local ranks meet: what lies in it, and how it comes and goes.
 *
 * Every field is read and written with the lock held, but bell, on which members sleep. A process
 * may be killed between any two stores: a member is there when its pid is, and is written last; a
 * decision is made when state says so, and its sentence is written before.
 */
#ifndef MPI_SUPPORT_MEET_FILE_H
#define MPI_SUPPORT_MEET_FILE_H

#include "meeting.h"

#include <stdbool.h>
#include <stddef.h>

#define MEET_MAGIC    0x1e515e77u
#define MEET_VERSION  2u

enum meet_step { MEET_JOINED = 1, MEET_AGREED, MEET_TAKEN, MEET_LEFT, MEET_ELSEWHERE };
enum meet_state { MEET_GATHERING = 0, MEET_TAKING, MEET_DONE, MEET_REFUSED };

struct meet_member {
	uint32_t pid;              /* 0: has not come */
	uint32_t step;             /* MEET_JOINED ...; MEET_ELSEWHERE without a pid */
	uint64_t start;
	uint8_t  card[MEET_CARD_SIZE];
};

struct meet_file {
	uint32_t magic, version;   /* magic is written last */
	uint32_t size;             /* members */
	uint32_t state;            /* MEET_GATHERING ... */
	uint32_t bell;             /* goes up at each change */
	uint32_t has_digest;
	uint64_t digest;
	uint64_t scanned_ms;       /* when somebody last looked for dead members */
	uint64_t created_ms;
	uint64_t pid_namespace;
	uint64_t launcher_start;
	uint32_t launcher;         /* 0: not known */
	uint32_t message;          /* of the refusal */
	uint32_t err;
	uint32_t reserved;
	char     why[REFUSAL_SIZE];
	struct meet_member member[];
};

static inline size_t meet_file_length(uint32_t size)
{
	return offsetof(struct meet_file, member) + size * sizeof(struct meet_member);
}

uint64_t meet_now_ms(void);

/* The directory, private to this user. 0 and meeting->dir, or -errno with a sentence. */
int meet_dir_open(struct meeting *meeting, struct refusal *why);

/*
 * Opens or makes the file, takes the lock and maps it. 0, or -errno with a sentence. The file then
 * is the one that the name stands for, and stays so as long as the lock is held. -EAGAIN: the
 * directory was removed.
 */
int meet_file_open(struct meeting *meeting, uint64_t deadline_ms, struct refusal *why);
/* Takes its name away, and the directory if nothing else is in it. */
void meet_file_remove(const struct meeting *meeting);
void meet_dir_remove(const struct meeting *meeting);
/* Unmaps and closes it, and with that unlocks it. */
void meet_file_close(struct meeting *meeting);

/* 0, or -ETIME. */
int meet_lock(struct meeting *meeting, uint64_t deadline_ms);
void meet_unlock(struct meeting *meeting);

/* True if the member has come, has not left, and its process lives. */
bool meet_lives(const struct meet_member *member);
bool meet_anyone_lives(const struct meet_file *file);
/* True if nobody is in it and nobody can come any more. */
bool meet_is_stale(const struct meet_file *file);

/* Removes what dead jobs of this user left in the directory. */
void meet_sweep(struct meeting *meeting);

#endif
