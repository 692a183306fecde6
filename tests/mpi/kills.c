/* SPDX-License-Identifier: MIT */
/*
 * kills.c - members are killed or stopped at any moment: the rest starts as a whole or not at all.
 */
#include "../lib/check.h"

#include "party.h"

#include <sys/wait.h>

static struct party party;
static unsigned int seed = 12345;

static unsigned int any_below(unsigned int limit)
{
	seed = seed * 1664525 + 1013904223;
	return (unsigned int)((unsigned long long)(seed >> 8) * limit >> 24);
}

static void after(void)
{
	party_wait(&party);
	party_free(&party);
	party_end();
	party_begin();
}

/* Returns 1 if the job started. */
static int check_all_or_none(const bool *killed, unsigned int longest_ms)
{
	int started = 0, refused = 0, took = 0;

	for (uint32_t i = 0; i < party.size; i++) {
		const struct guest_notes *notes = &party.notes[i];

		took += notes->took;
		started += notes->started;
		if (killed[i] && !notes->left)
			continue;
		refused += !notes->started;
		EXPECT_THAT(notes->ms < longest_ms, "rank %u took %llu ms", i, notes->ms);
		EXPECT_THAT(notes->started || notes->text[0], "rank %u says nothing", i);
	}
	EXPECT_THAT(!started || !refused, "%d started and %d did not", started, refused);
	EXPECT_THAT(!started || took == (int)party.size, "started, and only %d have an isle", took);
	return started > 0;
}

TEST(members_die_at_any_moment)
{
	unsigned int jobs = 40, started = 0;

	for (unsigned int j = 0; j < jobs; j++) {
		bool killed[PARTY_MAX] = { false };
		uint32_t victims = 1 + any_below(2);
		char key[32];

		snprintf(key, sizeof(key), "kill-%u", j);
		party_make(&party, key, 2 + any_below(5), 1000);
		for (uint32_t i = 0; i < party.size; i++)
			party.guest[i].slow_ms = any_below(4);
		party_start(&party);
		while (victims--) {
			uint32_t victim = any_below(party.size);

			usleep(any_below(8000));
			party_kill(&party, victim);
			killed[victim] = true;
		}
		party_wait(&party);
		started += (unsigned int)check_all_or_none(killed, 2500);
		party_free(&party);
	}
	note("%u of %u jobs had started before the kill", started, jobs);
	EXPECT_LT(started, jobs);
}

TEST(a_killed_rank_is_named)
{
	char want[64];

	party_make(&party, "named", 3, 5000);
	party.guest[1].slow_ms = 60000;
	party_start(&party);
	check_sleep_ms(150);
	snprintf(want, sizeof(want), "local rank 1 (process %d) ended", party.pid[1]);
	party_kill(&party, 1);
	party_wait(&party);
	EXPECT_EQ(party.notes[0].taken, -EOWNERDEAD);
	EXPECT_THAT(strstr(party.notes[0].text, want), "%s", party.notes[0].text);
	EXPECT_STR(party.notes[2].text, party.notes[0].text);
	EXPECT_LT(party.notes[0].ms, 1500);
}

TEST(a_stopped_rank_does_not_hold_the_others)
{
	party_make(&party, "stopped", 3, 400);
	party.guest[2].late_ms = 100;
	party_start(&party);
	check_sleep_ms(30);
	kill(party.pid[2], SIGSTOP);
	waitpid(party.pid[0], NULL, 0);
	waitpid(party.pid[1], NULL, 0);
	party.pid[0] = party.pid[1] = 0;
	EXPECT_EQ(party.notes[0].agreed, -ETIMEDOUT);
	EXPECT_STR(party.notes[1].text, party.notes[0].text);
	kill(party.pid[2], SIGCONT);
	party_wait(&party);
	EXPECT_STR(party.notes[2].text, party.notes[0].text);
	EXPECT_EQ(party_files(), 0);
}

/* A process that the party has for its launcher; not for longer than any test takes. */
static pid_t launcher_start(void)
{
	party.launcher = fork();
	if (!party.launcher) {
		alarm(60);
		pause();
		_exit(0);
	}
	party.launcher_start = meet_process_start(party.launcher);
	return party.launcher;
}

static void launcher_end(pid_t launcher)
{
	kill(launcher, SIGKILL);
	waitpid(launcher, NULL, 0);
}

/* All members of a job are killed; its launcher ends; the next job, of another key, cleans up. */
TEST(the_next_job_removes_what_was_left)
{
	pid_t launcher;

	party_make(&party, "left", 3, 5000);
	launcher = launcher_start();
	party.guest[0].slow_ms = party.guest[1].slow_ms = party.guest[2].slow_ms = 60000;
	party_start(&party);
	check_sleep_ms(100);
	for (uint32_t i = 0; i < 3; i++)
		party_kill(&party, i);
	party_wait(&party);
	party_free(&party);
	EXPECT_EQ(party_files(), 1);

	party_make(&party, "next", 2, 5000);
	party_start(&party);
	party_wait(&party);
	EXPECT(party.notes[0].started && party.notes[1].started);
	EXPECT_EQ(party_files(), 1);  /* its launcher may start more */
	party_free(&party);
	launcher_end(launcher);

	party_make(&party, "third", 2, 5000);
	party_start(&party);
	party_wait(&party);
	EXPECT(party.notes[0].started && party.notes[1].started);
	EXPECT_EQ(party_files(), 0);
}

/* A launcher dies before it has started all: who came leaves nothing, for nobody else can come. */
TEST(who_leaves_last_after_a_dead_launcher_removes_all)
{
	party_make(&party, "orphans", 3, 1000);
	launcher_start();
	party_start_one(&party, 0);
	party_start_one(&party, 2);
	check_sleep_ms(100);
	launcher_end(party.launcher);
	party_wait(&party);
	EXPECT_EQ(party.notes[0].agreed, -ETIMEDOUT);
	EXPECT_EQ(party_files(), 0);
}

/* A batch system starts a step again under the same key after all of its members were killed. */
TEST(the_same_job_starts_again)
{
	party_make(&party, "again", 2, 5000);
	party.guest[0].slow_ms = party.guest[1].slow_ms = 60000;
	party_start(&party);
	check_sleep_ms(100);
	party_kill(&party, 0);
	party_kill(&party, 1);
	party_wait(&party);
	EXPECT_EQ(party_files(), 1);
	party.guest[0].slow_ms = party.guest[1].slow_ms = 0;
	party_start(&party);
	party_wait(&party);
	EXPECT_THAT(party.notes[0].started && party.notes[1].started, "%s", party.notes[0].text);
	EXPECT_EQ(party_files(), 0);
}

int main(void)
{
	struct check_hooks hooks = { .begin = party_begin, .after = after };
	int result = check_main(&hooks);

	party_end();
	return result;
}
