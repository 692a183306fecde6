/* SPDX-License-Identifier: MIT */
/*
 * wish.c - what a rank asks of the reserve: options and variables as a job means them, and the launcher's binding.
 */
#include "../lib/check.h"

#include "rank_wish.h"

#include "cpuset.h"
#include "plan.h"

static struct config config;
static struct job job;
static struct rank_wish wish;
static struct why why;

static int wish_for(const char *cpus, const char *mem)
{
	config.cpus = cpus;
	config.mem = mem;
	why.text[0] = 0;
	return rank_wish_read(&config, &job, &wish, &why);
}

static void fresh(void)
{
	memset(&config, 0, sizeof(config));
	memset(&job, 0, sizeof(job));
	config.node = PLAN_ANY_NODE;
}

TEST(nothing_asked)
{
	fresh();
	ASSERT_ERR(wish_for(NULL, NULL), 0);
	EXPECT_EQ(wish.ask.cpus_per_rank, 0);
	EXPECT_EQ(wish.ask.mem_per_rank, 0);
	EXPECT_EQ(wish.ask.nodes, 0);
	EXPECT_EQ(cpuset_count(&wish.ask.cpus), 0);
	/* Less than an isle kernel needs is never planned. */
	EXPECT_GE(wish.ask.mem_min, 8 << 20);
}

/* Catches: a number read as CPU of that number, as a list of one is. */
TEST(a_number_of_cpus_a_rank)
{
	fresh();
	ASSERT_ERR(wish_for("3", "2G"), 0);
	EXPECT_EQ(wish.ask.cpus_per_rank, 3);
	EXPECT_EQ(cpuset_count(&wish.ask.cpus), 0);
	EXPECT_EQ(wish.ask.mem_per_rank, 2ll << 30);
	ASSERT_ERR(wish_for("auto", NULL), 0);
	EXPECT_EQ(wish.ask.cpus_per_rank, 0);
	ASSERT_ERR(wish_for("all", NULL), 0);
	EXPECT_EQ(wish.ask.cpus_per_rank, 0);
}

TEST(a_list_of_cpus)
{
	fresh();
	ASSERT_ERR(wish_for("4-6,9", NULL), 0);
	EXPECT_EQ(cpuset_count(&wish.ask.cpus), 4);
	EXPECT(cpuset_has(&wish.ask.cpus, 9));
	EXPECT_EQ(wish.ask.cpus_per_rank, 0);
	ASSERT_ERR(wish_for("7-7", NULL), 0);
	EXPECT_EQ(cpuset_count(&wish.ask.cpus), 1);
}

/* Catches: the launcher's number of CPUs forgotten, or over the user's. */
TEST(the_launchers_number_comes_last)
{
	fresh();
	job.cpus_per_rank = 4;
	ASSERT_ERR(wish_for(NULL, NULL), 0);
	EXPECT_EQ(wish.ask.cpus_per_rank, 4);
	ASSERT_ERR(wish_for("2", NULL), 0);
	EXPECT_EQ(wish.ask.cpus_per_rank, 2);
	ASSERT_ERR(wish_for("2-3", NULL), 0);
	EXPECT_EQ(wish.ask.cpus_per_rank, 0);
}

TEST(a_node)
{
	fresh();
	config.node = 5;
	ASSERT_ERR(wish_for(NULL, NULL), 0);
	EXPECT_EQ(wish.ask.nodes, 1 << 5);
	EXPECT_EQ(wish.bound, 0);
}

TEST(what_makes_no_sense_in_a_job)
{
	static const char *const mems[] = { "50%", "1G@0", "1G,2G@1", "", "much", "-1" };
	static const char *const cpus[] = { "0", "3-1", "x", "257", "99999999999", "1,,2" };

	fresh();
	for (unsigned int i = 0; i < sizeof(mems) / sizeof(*mems); i++) {
		EXPECT_THAT(wish_for(NULL, mems[i]) == -EINVAL, "--mem '%s' is taken", mems[i]);
		EXPECT_THAT(why.text[0], "--mem '%s' gives no sentence", mems[i]);
	}
	for (unsigned int i = 0; i < sizeof(cpus) / sizeof(*cpus); i++) {
		EXPECT_THAT(wish_for(cpus[i], NULL) == -EINVAL, "--cpus '%s' is taken", cpus[i]);
		EXPECT_THAT(why.text[0], "--cpus '%s' gives no sentence", cpus[i]);
	}
	EXPECT_EQ(wish_for(NULL, "50%"), -EINVAL);
	EXPECT(strstr(why.text, "a size for each rank"));
}

/* Two CPUs each on nodes 2 and 5. */
static const struct place_reserve reserve = {
	.nr_cpus = 4,
	.cpu = {
		{ 4, 0, 2, 0, 0, true }, { 5, 0, 2, 1, 0, true },
		{ 10, 1, 5, 0, 0, true }, { 11, 1, 5, 1, 0, false },
	},
};

/* Catches: a binding that takes isles away: Linux has CPUs on nodes of which the reserve has none. */
TEST(a_binding_chooses_where_it_can)
{
	fresh();
	ASSERT_ERR(wish_for(NULL, NULL), 0);
	wish.bound = 0;
	EXPECT_EQ(rank_wish_ask(&wish, &reserve).nodes, 0);
	wish.bound = 1 << 5;
	EXPECT_EQ(rank_wish_ask(&wish, &reserve).nodes, 1 << 5);
	wish.bound = 1 << 5 | 1 << 0;
	EXPECT_EQ(rank_wish_ask(&wish, &reserve).nodes, 1 << 5);
	wish.bound = 1 << 0 | 1 << 3;
	EXPECT_EQ(rank_wish_ask(&wish, &reserve).nodes, 0);
	/* A node that the user named stays. */
	wish.bound = 0;
	wish.ask.nodes = 1 << 2;
	EXPECT_EQ(rank_wish_ask(&wish, &reserve).nodes, 1 << 2);
}

/* Catches: a rank that was left all nodes taken for one that was bound. */
TEST(all_nodes_are_no_choice)
{
	fresh();
	ASSERT_ERR(wish_for(NULL, NULL), 0);
	if (access("/sys/devices/system/node/node1", F_OK) == 0)
		SKIP("this machine has several nodes, and who started this test may have chosen");
	EXPECT_EQ(wish.bound, 0);
}

int main(void)
{
	return check_main(NULL);
}
