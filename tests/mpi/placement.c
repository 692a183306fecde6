/* SPDX-License-Identifier: MIT */
/*
 * placement.c - plans worked out by hand, refusals, and what a plan looks like.
 */
#include "../lib/check.h"

#include "cpus.h"
#include "machines.h"

static struct place_reserve reserve;
static struct place_plan plan;
static struct refusal why;

static void after(void)
{
	place_free(&plan);
}

static void make(uint32_t packages, uint32_t nodes, uint32_t cores, uint32_t smt, uint64_t mem)
{
	struct model machine = { "", packages, nodes, cores, smt, mem, true, false, NULL };

	machine_reserve(&machine, &reserve);
}

static int plan_for(struct place_ask ask)
{
	place_free(&plan);
	return place_job(&reserve, &ask, &plan, &why);
}

static void expect_isle(uint32_t rank, const char *cpus, uint32_t nr_nodes, uint64_t mib)
{
	char text[CPUS_TEXT];
	uint64_t sum = 0;

	ASSERT_GT(plan.nr, rank);
	for (uint32_t i = 0; i < plan.isle[rank].nr_mem; i++)
		sum += plan.isle[rank].mem[i].size;
	EXPECT_STR(cpus_print(&plan.isle[rank].cpus, text), cpus);
	EXPECT_EQ(plan.isle[rank].nr_mem, nr_nodes);
	EXPECT_EQ(sum >> 20, mib);
}

TEST(one_rank_gets_everything)
{
	make(2, 1, 4, 1, 1000);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 1 }), 0);
	expect_isle(0, "0-7", 2, 2000);
}

TEST(whole_nodes_first)
{
	make(2, 1, 4, 2, 1000);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 2 }), 0);
	expect_isle(0, "0-3,8-11", 1, 1000);
	expect_isle(1, "4-7,12-15", 1, 1000);
}

TEST(few_ranks_get_whole_packages)
{
	make(2, 4, 2, 1, 100);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 2 }), 0);
	expect_isle(0, "0-7", 4, 400);
	expect_isle(1, "8-15", 4, 400);
}

TEST(neighbours_in_rank_share_a_package)
{
	struct model machine = { "", 2, 2, 2, 1, 100, false, true, NULL };

	machine_reserve(&machine, &reserve);  /* nodes 0 and 2 are package 0 */
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 2 }), 0);
	expect_isle(0, "0-1,4-5", 2, 200);
	expect_isle(1, "2-3,6-7", 2, 200);
	EXPECT_EQ(plan.isle[1].mem[0].node, 1);
}

TEST(equal_shares_of_a_node)
{
	make(1, 1, 8, 2, 4096);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 4 }), 0);
	expect_isle(0, "0-1,8-9", 1, 1024);
	expect_isle(3, "6-7,14-15", 1, 1024);
}

TEST(shares_differ_by_one_core)
{
	make(1, 1, 7, 1, 700);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 2 }), 0);
	expect_isle(0, "0-3", 1, 400);
	expect_isle(1, "4-6", 1, 300);
}

TEST(no_rank_crosses_nodes_for_an_extra_core)
{
	make(2, 1, 8, 1, 800);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 3 }), 0);
	expect_isle(0, "0-3", 1, 400);
	expect_isle(1, "4-7", 1, 400);
	expect_isle(2, "8-12", 1, 500);
}

TEST(a_large_node_takes_more_ranks)
{
	static const uint32_t cores[] = { 16, 4 };
	struct model machine = { "", 2, 1, 0, 1, 1600, false, false, cores };

	machine_reserve(&machine, &reserve);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 5 }), 0);
	expect_isle(0, "0-3", 1, 400);
	expect_isle(4, "16-19", 1, 1600);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 2 }), 0);
	expect_isle(0, "0-7", 1, 800);
	expect_isle(1, "8-15", 1, 800);
}

TEST(asked_cpus_and_memory)
{
	make(2, 1, 8, 2, 4096);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 4, .cpus_per_rank = 3,
						.mem_per_rank = 1000 << 20 }), 0);
	expect_isle(0, "0-1,16-17", 1, 1000);
	expect_isle(1, "2-3,18-19", 1, 1000);
	expect_isle(2, "8-9,24-25", 1, 1000);
}

TEST(a_rank_larger_than_a_node_spans)
{
	make(1, 4, 4, 1, 1000);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 2, .cpus_per_rank = 6 }), 0);
	expect_isle(0, "0-5", 2, 1500);
	expect_isle(1, "8-13", 2, 1500);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 2, .mem_per_rank = 1900ull << 20 }), 0);
	expect_isle(0, "0-7", 2, 1900);
}

TEST(an_isle_is_not_wider_than_it_can_be)
{
	make(2, 4, 64, 2, 10000);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 1 }), 0);
	EXPECT_EQ(plan.isle[0].nr_cpus, ISLE_MAX_CPUS);
	EXPECT_ERR(plan_for((struct place_ask){ .ranks = 1, .cpus_per_rank = 257 }), -E2BIG);
	EXPECT_STR(why.text, "257 CPUs a rank are more than an isle can have, which is 256");
}

TEST(only_what_was_named)
{
	struct place_ask ask = { .ranks = 2, .nodes = 1 << 1 };

	make(2, 1, 4, 2, 1000);
	ASSERT_ERR(plan_for(ask), 0);
	expect_isle(0, "4-5,12-13", 1, 500);
	expect_isle(1, "6-7,14-15", 1, 500);
	ask.nodes = 0;
	ASSERT(cpus_parse("1,9,2,10", &ask.cpus));
	ASSERT_ERR(plan_for(ask), 0);
	expect_isle(0, "1,9", 1, 250);
	expect_isle(1, "2,10", 1, 250);
}

TEST(what_was_named_must_be_there)
{
	struct place_ask ask = { .ranks = 1, .nodes = 1 << 3 };

	make(2, 1, 4, 2, 1000);
	EXPECT_ERR(plan_for(ask), -ENOSPC);
	EXPECT_EQ(why.message, MSG_PLACE_NODE_NOT_FREE);
	ask.nodes = 0;
	ASSERT(cpus_parse("1,2,10", &ask.cpus));
	EXPECT_ERR(plan_for(ask), -EINVAL);
	EXPECT_STR(why.text, "CPU 1 is asked for without CPU 9 of the same core, and an isle takes "
		   "whole cores: name both or none");
	ASSERT(cpus_parse("2,10,77", &ask.cpus));
	EXPECT_ERR(plan_for(ask), -EBUSY);
	EXPECT_EQ(why.message, MSG_PLACE_CPU_NOT_FREE);
	reserve.cpu[4].free = false;  /* a thread of core 2 */
	ASSERT(cpus_parse("2,10", &ask.cpus));
	EXPECT_ERR(plan_for(ask), -EBUSY);
}

TEST(refusals_say_what_would_fit)
{
	make(2, 1, 4, 1, 1000);
	EXPECT_ERR(plan_for((struct place_ask){ .ranks = 9 }), -ENOSPC);
	EXPECT_STR(why.text, "9 local ranks need 9 cores, one each at least, and 8 cores of the "
		   "reserve can be used: start at most 8 ranks on this host, or reserve more cores");
	EXPECT_ERR(plan_for((struct place_ask){ .ranks = 3, .cpus_per_rank = 3 }), -ENOSPC);
	EXPECT_STR(why.text, "3 local ranks with 3 CPUs each do not fit into the reserve: at most 2 "
		   "such ranks fit, or 2 CPUs a rank");
	EXPECT_ERR(plan_for((struct place_ask){ .ranks = 2, .mem_per_rank = 2000ull << 20 }),
		   -ENOSPC);
	EXPECT_STR(why.text, "2 local ranks with 2000 MiB each do not fit into the reserve: at most "
		   "1 such ranks fit, or 1000 MiB a rank");
	EXPECT_ERR(plan_for((struct place_ask){ .ranks = 1, .mem_per_rank = UINT64_MAX }), -ENOSPC);
	EXPECT_ERR(plan_for((struct place_ask){ .ranks = 8, .mem_min = 251 << 20 }), -ENOSPC);
	EXPECT_STR(why.text, "rank 0 would get 250 MiB of node 0's memory and an isle needs 251 MiB: "
		   "start fewer ranks, or reserve more memory there");
}

TEST(nonsense_is_refused)
{
	make(1, 1, 4, 1, 1000);
	EXPECT_ERR(plan_for((struct place_ask){ .ranks = 0 }), -EINVAL);
	EXPECT_ERR(plan_for((struct place_ask){ .ranks = 1025 }), -EINVAL);
	reserve.cpu[1].linux_cpu = 0;
	EXPECT_ERR(plan_for((struct place_ask){ .ranks = 1 }), -EINVAL);
	EXPECT_STR(why.text, "the list of reserved CPUs makes no sense: CPU 0 is in it twice");
	reserve.cpu[1].linux_cpu = 5000;
	EXPECT_ERR(plan_for((struct place_ask){ .ranks = 1 }), -EINVAL);
	reserve.cpu[1].linux_cpu = 1;
	reserve.cpu[1].node = 64;
	EXPECT_ERR(plan_for((struct place_ask){ .ranks = 1 }), -EINVAL);
	reserve.cpu[1].node = 0;
	reserve.nr_cpus = 1025;
	EXPECT_ERR(plan_for((struct place_ask){ .ranks = 1 }), -EINVAL);
	memset(&reserve, 0, sizeof(reserve));
	EXPECT_ERR(plan_for((struct place_ask){ .ranks = 1 }), -ENOSPC);
	EXPECT_EQ(why.message, MSG_PLACE_NOTHING_FREE);
}

TEST(the_modules_tables_are_understood)
{
	struct isle_reserved_cpu cpus[] = {
		{ .linux_cpu = 2, .node = 1, .core = 1, .state = ISLE_RCPU_PARKED },
		{ .linux_cpu = 3, .node = 1, .core = 2, .state = ISLE_RCPU_ISLE, .isle_id = 4 },
		{ .linux_cpu = 4, .node = 1, .core = 3, .state = ISLE_RCPU_LOST },
		{ .linux_cpu = 5, .node = 1, .core = 4, .state = ISLE_RCPU_PARKED },
	};
	struct isle_reserved_extent extents[] = {
		{ .size = 64 << 20, .node = 1 }, { .size = 32 << 20, .node = 1, .isle_id = 4 },
		{ .size = 16 << 20, .node = 1 },
	};

	ASSERT_ERR(place_reserve_read(&reserve, cpus, 4, extents, 3, &why), 0);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 2 }), 0);
	expect_isle(0, "2", 1, 40);
	expect_isle(1, "5", 1, 40);
	EXPECT_ERR(place_reserve_read(&reserve, cpus, 1025, extents, 3, &why), -EINVAL);
}

TEST(other_plans_have_other_digests)
{
	uint64_t first;

	make(2, 1, 4, 1, 1000);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 2 }), 0);
	first = place_digest(&plan);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 2, .cpus_per_rank = 3 }), 0);
	EXPECT(place_digest(&plan) != first);
	reserve.mem_free[1] -= ISLE_GRANULE_SIZE;
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 2 }), 0);
	EXPECT(place_digest(&plan) != first);
}

static void expect_printed(void (*print)(FILE *, const struct place_plan *, const uint32_t *),
			   const char *want)
{
	static const uint32_t ranks[] = { 0, 3 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ASSERT(out);
	print(out, &plan, ranks);
	fclose(out);
	EXPECT_STR(text, want);
	free(text);
}

TEST(a_plan_is_printed)
{
	make(2, 1, 4, 2, 2048);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 2, .cpus_per_rank = 4 }), 0);
	expect_printed(place_print,
		"  rank  cores  cpus      memory  nodes     cpu list\n"
		"     0      2     4       1 GiB  0         0-1,8-9\n"
		"     3      2     4       1 GiB  1         4-5,12-13\n");
	expect_printed(place_print_json,
		"{\"ranks\": [\n"
		"  {\"rank\": 0, \"cores\": 2, \"cpus\": 4, \"cpu_list\": \"0-1,8-9\", "
		"\"memory\": 1073741824, \"nodes\": [{\"node\": 0, \"memory\": 1073741824}]},\n"
		"  {\"rank\": 3, \"cores\": 2, \"cpus\": 4, \"cpu_list\": \"4-5,12-13\", "
		"\"memory\": 1073741824, \"nodes\": [{\"node\": 1, \"memory\": 1073741824}]}\n"
		"], \"digest\": \"932fd3edcd2f4ef4\"}\n");
}

TEST(cpu_lists)
{
	struct isle_cpuset set;
	char text[CPUS_TEXT];

	ASSERT(cpus_parse("0-3,8,1000-1023\n", &set));
	EXPECT_EQ(cpus_count(&set), 29);
	EXPECT_STR(cpus_print(&set, text), "0-3,8,1000-1023");
	EXPECT(!cpus_parse("", &set) && !cpus_parse("1024", &set) && !cpus_parse("3-1", &set));
	EXPECT(!cpus_parse("1,", &set) && !cpus_parse("1 ", &set) && !cpus_parse("-1", &set));
	EXPECT(!cpus_parse("99999999999999999999", &set));
	memset(&set, 0x55, sizeof(set));
	EXPECT_EQ(strlen(cpus_print(&set, text)), 2004);
	memset(&set, 0, sizeof(set));
	EXPECT_STR(cpus_print(&set, text), "-");
}

static int wishes_for(const struct place_ask *wish, uint32_t nr)
{
	place_free(&plan);
	return place_wishes(&reserve, wish, nr, &plan, &why);
}

TEST(equal_wishes_are_one_job)
{
	struct place_ask wish[4] = { { 0 } };
	uint64_t digest;

	make(2, 1, 4, 1, 1000);
	ASSERT_ERR(plan_for((struct place_ask){ .ranks = 4 }), 0);
	digest = place_digest(&plan);
	ASSERT_ERR(wishes_for(wish, 4), 0);
	EXPECT_EQ(place_digest(&plan), digest);
}

TEST(who_names_cpus_is_placed_first)
{
	struct place_ask wish[3] = { { 0 } };

	make(2, 1, 4, 1, 1000);
	ASSERT(cpus_parse("0-1", &wish[2].cpus));
	wish[1].cpus_per_rank = 3;
	ASSERT_ERR(wishes_for(wish, 3), 0);
	expect_isle(2, "0-1", 1, 500);
	expect_isle(1, "4-6", 1, 750);
	EXPECT(plan.isle[0].nr_cores > 0);
	for (uint32_t i = 0; i < 16; i++)
		EXPECT(!(plan.isle[0].cpus.bits[i] & (plan.isle[1].cpus.bits[i] | plan.isle[2].cpus.bits[i])));
}

TEST(wishes_that_do_not_fit_together_are_refused)
{
	struct place_ask wish[2] = { { 0 } };

	make(1, 1, 4, 1, 1000);
	wish[0].cpus_per_rank = 3;
	wish[1].cpus_per_rank = 2;
	EXPECT_ERR(wishes_for(wish, 2), -ENOSPC);
	EXPECT_EQ(plan.nr, 0);
	ASSERT(cpus_parse("1", &wish[0].cpus));
	ASSERT(cpus_parse("0-1", &wish[1].cpus));
	wish[0].cpus_per_rank = wish[1].cpus_per_rank = 0;
	EXPECT_ERR(wishes_for(wish, 2), -EBUSY);
	EXPECT_ERR(wishes_for(wish, 0), -EINVAL);
}

int main(void)
{
	return check_main(&(struct check_hooks){ .after = after });
}
