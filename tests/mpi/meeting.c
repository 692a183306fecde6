/* SPDX-License-Identifier: MIT */
/*
 * meeting.c - jobs of 2 to 8 processes that meet, and everything that can keep them from it.
 */
#include "../lib/check.h"

#include "meet_file.h"
#include "party.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct party party, second;

static void after(void)
{
	party_wait(&party);
	party_wait(&second);
	party_free(&party);
	party_free(&second);
	EXPECT_EQ(party_files(), 0);
	party_end();
	party_begin();
}

static void expect_started(const struct party *p)
{
	for (uint32_t i = 0; i < p->size; i++)
		EXPECT_THAT(p->notes[i].started, "rank %u did not start: %s", i, p->notes[i].text);
}

static void expect_refused(const struct party *p, uint32_t rank, const char *text)
{
	EXPECT_EQ(p->notes[rank].started, 0);
	EXPECT_EQ(p->notes[rank].left, 1);
	if (text)
		EXPECT_STR(p->notes[rank].text, text);
}

TEST(a_rank_alone_meets_nobody)
{
	party_make(&party, "alone", 1, 1000);
	party_start(&party);
	party_wait(&party);
	expect_started(&party);
}

TEST(jobs_of_every_size)
{
	for (uint32_t size = 2; size <= PARTY_MAX; size++) {
		party_make(&party, "sizes", size, 5000);
		party_start(&party);
		party_wait(&party);
		expect_started(&party);
		EXPECT_EQ(party_files(), 0);
		party_free(&party);
	}
}

TEST(a_late_rank_is_waited_for)
{
	party_make(&party, "late", 3, 5000);
	/* Rank 0's clock begins when it runs, which on a busy host may be a good deal later than the others'. */
	party.guest[1].late_ms = 400;
	party.guest[2].slow_ms = 400;
	party_start(&party);
	party_wait(&party);
	expect_started(&party);
	EXPECT_GE(party.notes[0].ms, 450);
}

TEST(who_does_not_come_is_named)
{
	party_make(&party, "missing", 6, 300);
	for (uint32_t i = 0; i < 3; i++)
		party_start_one(&party, i * 2);
	party_wait(&party);
	for (uint32_t i = 0; i < 3; i++) {
		expect_refused(&party, i * 2, NULL);
		EXPECT_EQ(party.notes[i * 2].agreed, -ETIMEDOUT);
		EXPECT_THAT(strstr(party.notes[i * 2].text, "waited 1 s and ranks 1,3,5 did not come"),
			    "%s", party.notes[i * 2].text);
		EXPECT_LT(party.notes[i * 2].ms, 2000);
	}
	/* Who comes after all is told, not left waiting. */
	for (uint32_t i = 0; i < 3; i++)
		party_start_one(&party, i * 2 + 1);
	party_wait(&party);
	for (uint32_t i = 1; i < 6; i += 2) {
		EXPECT_EQ(party.notes[i].agreed, -ETIMEDOUT);
		EXPECT_LT(party.notes[i].ms, 200);
	}
}

TEST(who_does_not_get_its_isle_is_named)
{
	party_make(&party, "slow", 3, 300);
	party.guest[1].slow_ms = 700;
	party_start(&party);
	party_wait(&party);
	expect_refused(&party, 0, NULL);
	EXPECT_EQ(party.notes[0].taken, -ETIMEDOUT);
	EXPECT_THAT(strstr(party.notes[0].text, "waited 1 s and rank 1 had no isle yet"), "%s",
		    party.notes[0].text);
	expect_refused(&party, 1, party.notes[0].text);
	expect_refused(&party, 2, party.notes[0].text);
}

TEST(one_refusal_is_for_all)
{
	party_make(&party, "refusal", 4, 5000);
	party.guest[2].cannot_take = true;
	party_start(&party);
	party_wait(&party);
	for (uint32_t i = 0; i < 4; i++) {
		expect_refused(&party, i, i == 2 ? NULL : "local rank 2 could not get its isle, so the "
			       "job is given up: CPU 3 belongs to another isle");
		EXPECT_LT(party.notes[i].ms, 2000);
	}
	EXPECT_EQ(party.notes[0].message, MSG_MEET_REFUSED);
}

TEST(leaving_early_is_a_refusal)
{
	party_make(&party, "silent", 2, 5000);
	party.guest[1].silent = true;
	party_start(&party);
	party_wait(&party);
	expect_refused(&party, 0, "local rank 1 could not get its isle, so the job is given up: it left "
		       "before the job had all of its isles");
}

TEST(different_plans_are_refused)
{
	party_make(&party, "plans", 3, 5000);
	party.guest[1].digest = 7;
	party.guest[1].late_ms = 500;
	party_start(&party);
	party_wait(&party);
	for (uint32_t i = 0; i < 3; i++) {
		EXPECT_EQ(party.notes[i].agreed, -ESTALE);
		EXPECT_EQ(party.notes[i].message, MSG_MEET_DIFFERENT);
	}
}

TEST(different_sizes_are_refused)
{
	party_make(&party, "numbers", 2, 5000);
	party.guest[1].size = 3;
	party.guest[1].late_ms = 500;
	party_start(&party);
	party_wait(&party);
	expect_refused(&party, 0, "local rank 1 says the job has 3 ranks on this host, another said 2");
	expect_refused(&party, 1, party.notes[0].text);
	/* Seat 1 is still to be taken by a rank that finds the refusal. */
	party.guest[1].size = 0;
	party_start_one(&party, 1);
	party_wait(&party);
	EXPECT_EQ(party.notes[1].agreed, -EINVAL);
}

TEST(a_rank_comes_once)
{
	party_make(&party, "twice", 3, 2000);
	party.guest[1].late_ms = 500;
	party.guest[1].rank = 0;
	party_start(&party);
	party_wait(&party);
	EXPECT_EQ(party.notes[1].joined, -EEXIST);
	EXPECT_EQ(party.notes[1].message, MSG_MEET_TWICE);
	EXPECT_EQ(party.notes[0].agreed, -ETIMEDOUT);
	party.guest[1].rank = 1;  /* the last to come removes the file */
	party_start_one(&party, 1);
	party_wait(&party);
}

TEST(a_rank_must_be_one_of_the_job)
{
	party_make(&party, "beyond", 2, 300);
	party.guest[0].rank = 2;
	party_start_one(&party, 0);
	party_wait(&party);
	EXPECT_EQ(party.notes[0].joined, -EINVAL);
}

TEST(two_jobs_at_once_do_not_mix)
{
	party_make(&party, "job-a", 4, 5000);
	party_make(&second, "job-b", 4, 5000);
	for (uint32_t i = 0; i < 4; i++)
		second.guest[i].digest = 9;
	second.guest[2].cannot_take = true;
	for (uint32_t i = 0; i < 4; i++) {
		party_start_one(&party, i);
		party_start_one(&second, 3 - i);
	}
	party_wait(&party);
	party_wait(&second);
	expect_started(&party);
	for (uint32_t i = 0; i < 4; i++) {
		expect_refused(&second, i, NULL);
		/* A slow member hears of the refusal before it has come to taking anything. */
		if (i == 2)
			EXPECT_EQ(second.notes[i].taken, -EBUSY);
		else
			EXPECT(second.notes[i].taken == -ECANCELED || second.notes[i].taken == 0);
	}
}

TEST(a_script_may_start_two_programs)
{
	party_make(&party, "again", 4, 5000);
	for (uint32_t i = 0; i < 4; i++)
		party.guest[i].twice = true;
	for (int i = 0; i < 5; i++) {
		party_start(&party);
		party_wait(&party);
		expect_started(&party);
	}
}

TEST(a_directory_of_others_is_not_used)
{
	char path[128];

	party_make(&party, "open", 2, 300);
	snprintf(path, sizeof(path), "%s/open", party_dir());
	ASSERT_EQ(mkdir(path, 0700), 0);
	ASSERT_EQ(chmod(path, 0777), 0);
	party.dir = path;
	party_start_one(&party, 0);
	party_wait(&party);
	EXPECT_EQ(party.notes[0].joined, -EACCES);
	EXPECT_EQ(party.notes[0].message, MSG_MEET_NO_PLACE);
	ASSERT_EQ(rmdir(path), 0);
	ASSERT_EQ(symlink("/tmp", path), 0);
	party_start_one(&party, 0);
	party_wait(&party);
	EXPECT_EQ(party.notes[0].joined, -EACCES);
	ASSERT_EQ(unlink(path), 0);
	party_start_one(&party, 0);
	party_wait(&party);
	EXPECT_EQ(party.notes[0].joined, -EACCES);
}

/* Who leaves a meeting last removes its directory, at any moment for others who come. */
TEST(the_directory_may_be_removed_at_any_moment)
{
	char path[64], *runtime = getenv("XDG_RUNTIME_DIR") ? strdup(getenv("XDG_RUNTIME_DIR")) : NULL;
	struct meeting meeting = { .dir = -1, .fd = -1 };
	struct refusal why = { .text = "" };
	pid_t remover;
	int err = 0;

	unsetenv("XDG_RUNTIME_DIR");
	snprintf(path, sizeof(path), "/dev/shm/isle-%u", (unsigned int)geteuid());
	remover = fork();
	if (!remover)
		alarm(60);
	while (!remover)
		rmdir(path);
	for (int i = 0; i < 20000 && !err; i++)
		err = meet_dir_open(&meeting, &why);
	kill(remover, SIGKILL);
	waitpid(remover, NULL, 0);
	EXPECT_THAT(!err, "%s", why.text);
	meet_dir_remove(&meeting);
	close(meeting.dir);
	if (runtime)
		setenv("XDG_RUNTIME_DIR", runtime, 1);
	free(runtime);
}

/* Contents of the file that job "damaged" finds; the result of joining. */
static int join_over(const void *bytes, size_t size)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/isle-meet-damaged", party_dir());
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(write(fd, bytes, size), size);
	close(fd);
	party_start_one(&party, 0);
	party_wait(&party);
	unlink(path);
	return party.notes[0].joined;
}

TEST(a_damaged_file_is_refused)
{
	static char bytes[8192];

	party_make(&party, "damaged", 2, 200);
	memset(bytes, 0xff, sizeof(bytes));
	EXPECT_ERR(join_over(bytes, 1), -EPROTO);
	EXPECT_ERR(join_over(bytes, 600), -EPROTO);
	EXPECT_ERR(join_over(bytes, sizeof(bytes)), -EPROTO);
	memset(bytes, 0, sizeof(bytes));
	EXPECT_ERR(join_over(bytes, sizeof(bytes)), -EPROTO);
	EXPECT_ERR(join_over(bytes, 0), 0);  /* its maker died at once */
}

/* Where the guests that do not come are said to be. */
static enum meet_where answer;

static enum meet_where answer_where(void *ctx, uint32_t rank, uint64_t waited_ms)
{
	(void)ctx, (void)rank, (void)waited_ms;
	return answer;
}

/* This process is rank 1 of 2 and looks for rank 0. */
static int gather_alone(struct meeting *meeting, struct refusal *why)
{
	static const uint32_t card = 4711;
	struct meet_ask ask = {
		.dir = party_dir(), .key = "gather", .rank = 1, .size = 2, .timeout_ms = 2000,
		.card = &card, .card_size = sizeof(card),
	};
	int err = meet_join(meeting, &ask, why);

	return err ? err : meet_gather(meeting, answer_where, NULL, why);
}

TEST(a_rank_on_linux_is_no_part_of_it)
{
	unsigned char card[MEET_CARD_SIZE];
	struct meeting meeting;
	struct refusal why;
	uint32_t ranks[2];

	party_make(&party, "gather", 2, 2000);
	answer = MEET_ON_LINUX;
	ASSERT_ERR(gather_alone(&meeting, &why), 0);
	EXPECT_EQ(meet_list(&meeting, ranks), 1);
	EXPECT_EQ(ranks[0], 1);
	EXPECT_EQ(meet_first(&meeting), 1);
	meet_card(&meeting, 1, card);
	EXPECT_EQ(card[0] | card[1] << 8, 4711);
	EXPECT_EQ(card[4], 0);
	EXPECT_ERR(meet_agree(&meeting, 5, &why), 0);
	/* It comes after all: the plan is made without it. */
	party_start_one(&party, 0);
	party_wait(&party);
	EXPECT_EQ(party.notes[0].joined, -EALREADY);
	EXPECT_ERR(meet_taken(&meeting, &why), 0);
	meet_leave(&meeting);
}

TEST(a_rank_that_is_gone_ends_the_meeting)
{
	struct meeting meeting;
	struct refusal why;

	party_make(&party, "gather", 2, 2000);
	answer = MEET_GONE;
	EXPECT_ERR(gather_alone(&meeting, &why), -EOWNERDEAD);
	EXPECT_STR(why.text, "local rank 0 ended before it came to meet the others");
	meet_leave(&meeting);
	meet_farewell(&meeting);
}

int main(void)
{
	struct check_hooks hooks = { .begin = party_begin, .after = after };
	int result = check_main(&hooks);

	party_end();
	return result;
}
