/* SPDX-License-Identifier: MIT */
/*
 * party.c - starts members of meetings as processes and waits for them.
 */
#include "../lib/check.h"

#include "party.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char dir[64];

void party_begin(void)
{
	strcpy(dir, "/dev/shm/isle-test-XXXXXX");
	ASSERT(mkdtemp(dir));
}

static unsigned int each_file(bool remove_it)
{
	DIR *list = opendir(dir);
	unsigned int n = 0;
	struct dirent *entry;

	while (list && (entry = readdir(list))) {
		if (entry->d_name[0] == '.')
			continue;
		n++;
		if (remove_it)
			unlinkat(dirfd(list), entry->d_name, 0);
	}
	if (list)
		closedir(list);
	return n;
}

void party_end(void)
{
	each_file(true);
	rmdir(dir);
}

const char *party_dir(void)
{
	return dir;
}

unsigned int party_files(void)
{
	return each_file(false);
}

void party_make(struct party *party, const char *key, uint32_t size, unsigned int timeout_ms)
{
	memset(party, 0, sizeof(*party));
	party->key = key;
	party->size = size;
	party->timeout_ms = timeout_ms;
	party->launcher = getpid();
	party->launcher_start = meet_process_start(getpid());
	party->notes = mmap(NULL, PARTY_MAX * sizeof(party->notes[0]), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT(party->notes != MAP_FAILED);
	for (uint32_t i = 0; i < PARTY_MAX; i++)
		party->guest[i].rank = i;
}

void party_free(struct party *party)
{
	if (party->notes)
		munmap(party->notes, PARTY_MAX * sizeof(party->notes[0]));
	party->notes = NULL;
}

/* What isle-run does, without the isle. */
static void take_part(struct meeting *meeting, const struct guest *guest,
		      struct guest_notes *notes, struct refusal *why)
{
	notes->joined_at_all = 1;
	if (guest->silent)
		return;
	notes->agreed = meet_agree(meeting, guest->digest, why);
	if (notes->agreed)
		return;
	check_sleep_ms(guest->slow_ms);
	if (guest->cannot_take) {
		meet_refuse(meeting, "CPU 3 belongs to another isle");
		notes->taken = -EBUSY;
		return;
	}
	__atomic_store_n(&notes->took, 1, __ATOMIC_SEQ_CST);
	notes->taken = meet_taken(meeting, why);
	if (!notes->taken)
		__atomic_store_n(&notes->started, 1, __ATOMIC_SEQ_CST);
}

static void meet_once(const struct party *party, const struct guest *guest,
		      struct guest_notes *notes)
{
	struct meet_ask ask = {
		.dir = party->dir ? party->dir : dir, .key = party->key,
		.launcher = party->launcher, .launcher_start = party->launcher_start,
		.rank = guest->rank, .size = guest->size ? guest->size : party->size,
		.timeout_ms = party->timeout_ms,
	};
	struct refusal why = { MSG_NONE, "" };
	unsigned long long begin = check_now();
	struct meeting meeting;

	memset(notes, 0, sizeof(*notes));
	notes->joined = meet_join(&meeting, &ask, &why);
	if (!notes->joined)
		take_part(&meeting, guest, notes, &why);
	meet_leave(&meeting);
	meet_leave(&meeting);
	notes->message = why.message;
	memcpy(notes->text, why.text, sizeof(notes->text));
	notes->ms = (check_now() - begin) / 1000000;
	__atomic_store_n(&notes->left, 1, __ATOMIC_SEQ_CST);
}

void party_start_one(struct party *party, uint32_t rank)
{
	const struct guest *guest = &party->guest[rank];
	pid_t pid = fork();

	ASSERT_GE(pid, 0);
	if (!pid) {
		check_sleep_ms(guest->late_ms);
		meet_once(party, guest, &party->notes[rank]);
		if (guest->twice)
			meet_once(party, guest, &party->notes[rank]);
		_exit(0);
	}
	party->pid[rank] = pid;
}

void party_start(struct party *party)
{
	for (uint32_t i = 0; i < party->size; i++)
		party_start_one(party, i);
}

void party_kill(struct party *party, uint32_t rank)
{
	kill(party->pid[rank], SIGKILL);
}

void party_wait(struct party *party)
{
	for (uint32_t i = 0; i < PARTY_MAX; i++) {
		if (party->pid[i])
			waitpid(party->pid[i], NULL, 0);
		party->pid[i] = 0;
	}
}
