/* SPDX-License-Identifier: MIT */
/*
 * meeting.c - the steps of a meeting and its one decision.
 *
 * Every member looks at the file in turn: whoever holds the lock looks for dead members and for
 * steps that all have made, and decides. The decision is never taken back, so all read the same.
 */
#include "meet_file.h"

#include "cpus.h"

#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SCAN_MS   100u  /* between two looks for dead members, whoever looks */
#define SLEEP_MS  50u
#define LEAVE_MS  2000u
#define LIST_SIZE 100u  /* of ranks in a sentence */

static void ring(struct meet_file *file)
{
	__atomic_fetch_add(&file->bell, 1, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &file->bell, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/* Not private: members map the file at different addresses of different processes. */
static void sleep_on(struct meet_file *file, uint32_t seen, uint64_t ms)
{
	struct timespec ts = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };

	syscall(SYS_futex, &file->bell, FUTEX_WAIT, seen, &ts, NULL, 0);
}

static void decide(struct meet_file *file, enum meet_state state)
{
	__atomic_store_n(&file->state, state, __ATOMIC_RELEASE);
	ring(file);
}

/* The first reason is the one that all are told. */
static void decide_refused(struct meet_file *file, const struct refusal *why, int err)
{
	if (file->state == MEET_DONE || file->state == MEET_REFUSED)
		return;
	file->message = why->message;
	file->err = (uint32_t)-err;
	memcpy(file->why, why->text, sizeof(file->why));
	decide(file, MEET_REFUSED);
}

/* What the file says; it was written by another process, so its text is ended here. */
static int tell_refused(const struct meet_file *file, struct refusal *why)
{
	why->message = file->message < MSG_COUNT ? (enum message)file->message : MSG_MEET_REFUSED;
	memcpy(why->text, file->why, sizeof(why->text));
	why->text[sizeof(why->text) - 1] = 0;
	return file->err && file->err < 4096 ? -(int)file->err : -ECANCELED;
}

static void refuse_if_dead(struct meet_file *file)
{
	struct refusal why;
	int err;

	file->scanned_ms = meet_now_ms();
	for (uint32_t i = 0; i < file->size; i++) {
		const struct meet_member *member = &file->member[i];

		if (!member->pid || meet_lives(member))
			continue;
		err = refuse(&why, MEET_DIED, i, member->pid);
		decide_refused(file, &why, err);
		return;
	}
}

/* A rank on Linux has nothing to do with it. */
static bool has_made(const struct meet_member *member, enum meet_step step)
{
	return member->step == MEET_ELSEWHERE ||
	       (member->pid && member->step >= (uint32_t)step);
}

static bool all_made(const struct meet_file *file, enum meet_step step)
{
	for (uint32_t i = 0; i < file->size; i++)
		if (!has_made(&file->member[i], step))
			return false;
	return true;
}

/* Goes on to the next state if everyone alive has made the step for it. */
static void advance(struct meet_file *file, uint64_t now)
{
	enum meet_step step = file->state == MEET_GATHERING ? MEET_AGREED : MEET_TAKEN;
	bool all;

	if (file->state > MEET_TAKING)
		return;
	all = all_made(file, step);
	if (all || now - file->scanned_ms >= SCAN_MS)
		refuse_if_dead(file);
	if (all && file->state <= MEET_TAKING)
		decide(file, file->state == MEET_GATHERING ? MEET_TAKING : MEET_DONE);
}

/* The ranks that have not made the step, as a list that a sentence can hold. */
static void list_missing(const struct meet_file *file, enum meet_step step, char *list,
			 const char **plural)
{
	struct isle_cpuset missing = { { 0 } };
	char text[CPUS_TEXT];

	for (uint32_t i = 0; i < file->size && i < CPUS_MAX; i++)
		if (!has_made(&file->member[i], step))
			cpus_add(&missing, i);
	cpus_print(&missing, text);
	snprintf(list, LIST_SIZE, strlen(text) < LIST_SIZE ? "%s" : "%.90s...", text);
	*plural = cpus_count(&missing) == 1 ? "" : "s";
}

static void refuse_late(struct meeting *meeting, enum meet_step step)
{
	uint32_t seconds = (meeting->ask.timeout_ms + 999) / 1000;
	char list[LIST_SIZE + 8];
	const char *plural;
	struct refusal why;
	int err;

	list_missing(meeting->file, step, list, &plural);
	if (step <= MEET_AGREED)
		err = refuse(&why, MEET_LATE, meeting->ask.rank, seconds, plural, list);
	else
		err = refuse(&why, MEET_SLOW, meeting->ask.rank, seconds, plural, list);
	decide_refused(meeting->file, &why, err);
}

static int lock_failed(struct meeting *meeting, struct refusal *why)
{
	return refuse(why, MEET_FAILED, meeting->path, "another rank stands still with the lock");
}

/* Who asks for those that have not come, and since when. */
struct search {
	enum meet_where (*where)(void *ctx, uint32_t rank, uint64_t waited_ms);
	void *ctx;
	uint64_t since, last;
};

/* Without the lock while it asks; with it again afterwards. 0, or -ETIME: no lock. */
static int look_for(struct meeting *meeting, struct search *search, uint64_t deadline)
{
	struct meet_file *file = meeting->file;
	enum meet_where where = MEET_COMING;
	struct refusal why;
	uint32_t i;

	search->last = meet_now_ms();
	for (i = 0; i < file->size && where != MEET_GONE; i++) {
		if (has_made(&file->member[i], MEET_JOINED))
			continue;
		meet_unlock(meeting);
		where = search->where(search->ctx, i, search->last - search->since);
		if (meet_lock(meeting, deadline))
			return -ETIME;
		if (has_made(&file->member[i], MEET_JOINED))
			where = MEET_COMING;
		if (where == MEET_ON_LINUX) {
			file->member[i].step = MEET_ELSEWHERE;
			ring(file);
		}
		if (where == MEET_GONE)
			decide_refused(file, &why, refuse(&why, MEET_GONE, i));
	}
	return 0;
}

static bool reached(const struct meet_file *file, enum meet_step step)
{
	switch (step) {
	case MEET_JOINED:
		return all_made(file, MEET_JOINED);
	case MEET_AGREED:
		return file->state >= MEET_TAKING;
	default:
		return file->state >= MEET_DONE;
	}
}

/* The lock is held when this is called and free when it returns. search: or NULL. */
static int wait_for(struct meeting *meeting, enum meet_step step, struct search *search,
		    struct refusal *why)
{
	uint64_t deadline = meet_now_ms() + meeting->ask.timeout_ms, now, left;
	struct meet_file *file = meeting->file;
	uint32_t seen;
	int err;

	for (;;) {
		now = meet_now_ms();
		advance(file, now);
		if (search && !reached(file, step) && now - search->last >= SCAN_MS &&
		    look_for(meeting, search, deadline + LEAVE_MS))
			return lock_failed(meeting, why);
		if (now >= deadline && !reached(file, step))
			refuse_late(meeting, step);
		if (file->state == MEET_REFUSED || reached(file, step))
			break;
		seen = __atomic_load_n(&file->bell, __ATOMIC_SEQ_CST);
		meet_unlock(meeting);
		left = deadline - now;
		sleep_on(file, seen, left < SLEEP_MS ? left : SLEEP_MS);
		if (meet_lock(meeting, deadline + LEAVE_MS))
			return lock_failed(meeting, why);
	}
	err = file->state == MEET_REFUSED ? tell_refused(file, why) : 0;
	meet_unlock(meeting);
	return err;
}

static struct meet_member *my_seat(struct meeting *meeting)
{
	return &meeting->file->member[meeting->ask.rank];
}

/*
 * The lock is held. 0: the seat is this process's; -EAGAIN: a former meeting of the same launcher
 * is about to end; the lock is gone then.
 */
static int take_seat(struct meeting *meeting, struct refusal *why)
{
	struct meet_file *file = meeting->file;
	struct meet_member *seat;
	int err;

	if (file->size != meeting->ask.size) {
		err = refuse(why, MEET_SIZE, meeting->ask.rank, meeting->ask.size, file->size);
		decide_refused(file, why, err);
		return err;
	}
	seat = my_seat(meeting);
	if (seat->step == MEET_ELSEWHERE)
		return refuse(why, MEET_UNEXPECTED, meeting->ask.rank);
	if (seat->pid) {
		if (meet_lives(seat))
			return refuse(why, MEET_TWICE, meeting->ask.rank, seat->pid);
		if (!meet_anyone_lives(file))
			unlinkat(meeting->dir, meeting->name, 0);
		meet_file_close(meeting);
		return -EAGAIN;
	}
	seat->start = meet_process_start(getpid());
	seat->step = MEET_JOINED;
	if (meeting->ask.card)
		memcpy(seat->card, meeting->ask.card, meeting->ask.card_size);
	__atomic_store_n(&seat->pid, (uint32_t)getpid(), __ATOMIC_RELEASE);
	ring(file);
	return 0;
}

int meet_join(struct meeting *meeting, const struct meet_ask *ask, struct refusal *why)
{
	uint64_t deadline;
	int err;

	memset(meeting, 0, sizeof(*meeting));
	meeting->ask = *ask;
	meeting->dir = meeting->fd = -1;
	if (!meeting->ask.timeout_ms)
		meeting->ask.timeout_ms = MEET_TIMEOUT_MS;
	if (meeting->ask.card_size > MEET_CARD_SIZE)
		meeting->ask.card_size = MEET_CARD_SIZE;
	if (ask->size <= 1)
		return 0;
	if (ask->rank >= ask->size)
		return refuse(why, MEET_SIZE, ask->rank, ask->size, ask->rank + 1);
	deadline = meet_now_ms() + meeting->ask.timeout_ms;
	err = meet_dir_open(meeting, why);
	if (err)
		return err;
	meet_sweep(meeting);
	for (;;) {
		err = meet_file_open(meeting, deadline, why);
		if (!err)
			err = take_seat(meeting, why);
		if (err != -EAGAIN)
			break;
		if (meet_now_ms() >= deadline) {
			err = refuse(why, MEET_BUSY, (meeting->ask.timeout_ms + 999) / 1000);
			break;
		}
		usleep(2000);
		err = meet_dir_open(meeting, why);
		if (err)
			return err;
	}
	if (err)
		meet_file_close(meeting);
	else
		meet_unlock(meeting);
	return err;
}

int meet_gather(struct meeting *meeting,
		enum meet_where (*where)(void *ctx, uint32_t rank, uint64_t waited_ms), void *ctx,
		struct refusal *why)
{
	struct search search = { .where = where, .ctx = ctx, .since = meet_now_ms() };

	if (!meeting->file)
		return 0;
	search.last = search.since;
	if (meet_lock(meeting, search.since + meeting->ask.timeout_ms))
		return lock_failed(meeting, why);
	return wait_for(meeting, MEET_JOINED, &search, why);
}

int meet_agree(struct meeting *meeting, uint64_t digest, struct refusal *why)
{
	struct meet_file *file = meeting->file;
	struct refusal different;
	int err;

	if (!file)
		return 0;
	if (meet_lock(meeting, meet_now_ms() + meeting->ask.timeout_ms))
		return lock_failed(meeting, why);
	if (!file->has_digest) {
		file->digest = digest;
		__atomic_store_n(&file->has_digest, 1, __ATOMIC_RELEASE);
	} else if (file->digest != digest) {
		err = refuse(&different, MEET_DIFFERENT, meeting->ask.rank);
		decide_refused(file, &different, err);
	}
	my_seat(meeting)->step = MEET_AGREED;
	return wait_for(meeting, MEET_AGREED, NULL, why);
}

int meet_taken(struct meeting *meeting, struct refusal *why)
{
	if (!meeting->file)
		return 0;
	if (meet_lock(meeting, meet_now_ms() + meeting->ask.timeout_ms))
		return lock_failed(meeting, why);
	my_seat(meeting)->step = MEET_TAKEN;
	return wait_for(meeting, MEET_TAKEN, NULL, why);
}

void meet_refuse_all(struct meeting *meeting, const struct refusal *why, int err)
{
	if (!meeting->file || meet_lock(meeting, meet_now_ms() + LEAVE_MS))
		return;
	decide_refused(meeting->file, why, err);
	meet_unlock(meeting);
}

void meet_refuse(struct meeting *meeting, const char *sentence)
{
	struct refusal why;
	int err = refuse(&why, MEET_REFUSED, meeting->ask.rank, sentence);

	meet_refuse_all(meeting, &why, err);
}

/* Somebody may still come, and is to find the refusal rather than to wait for nobody. */
static bool all_came(const struct meet_file *file)
{
	for (uint32_t i = 0; i < file->size; i++)
		if (!has_made(&file->member[i], MEET_JOINED))
			return false;
	return true;
}

void meet_leave(struct meeting *meeting)
{
	if (meeting->file) {
		meet_refuse(meeting, "it left before the job had all of its isles");
		if (!meet_lock(meeting, meet_now_ms() + LEAVE_MS)) {
			my_seat(meeting)->step = MEET_LEFT;
			ring(meeting->file);
			if (meet_is_stale(meeting->file) ||
			    (all_came(meeting->file) && !meet_anyone_lives(meeting->file)))
				meet_file_remove(meeting);
		}
	}
	meet_file_close(meeting);
	if (meeting->dir >= 0)
		close(meeting->dir);
	meeting->dir = -1;
}
