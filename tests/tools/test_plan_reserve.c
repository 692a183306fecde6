/* SPDX-License-Identifier: MIT */
/*
 * test_plan_reserve.c - what leaves Linux, for machines of many shapes.
 *
 * Machines are numbered as Linux numbers them (fake.h): with 2 nodes of 4 cores of 2 threads node 0
 * has CPUs 0-3 and 8-11, CPU 8 being the second thread of CPU 0's core.
 */
#include "check.h"

#include "fake.h"
#include "plan.h"

struct row {
	unsigned int nodes, cores, smt;
	const char *offline, *cpus, *mem;
	unsigned int keep;
	const char *want_cpus; /* or a part of the sentence, if err */
	const char *want_mem;  /* "node:MiB,..." */
	int err;
};

#define NODE_GIB 8ull

static const struct row rows[] = {
	/* auto: everything but CPU 0's core. */
	{ 1, 2, 1, NULL, "auto", NULL, 1, "1", "0:2048", 0 },
	{ 1, 4, 1, NULL, "all", "none", 1, "1-3", "", 0 },
	{ 2, 4, 2, NULL, "auto", NULL, 1, "1-7,9-15", "0:3072,1:4096", 0 },
	{ 8, 16, 2, NULL, "auto", "none", 1, "1-127,129-255", "", 0 },
	{ 4, 64, 1, NULL, "auto", "none", 1, "1-255", "", 0 },
	{ 1, 1, 2, NULL, "auto", NULL, 1, "no core can leave", "", -ENOSPC },
	{ 1, 4, 2, "1-3,5-7", "auto", NULL, 1, "no core can leave", "", -ENOSPC },
	{ 2, 4, 1, "2,6", "auto", "none", 1, "1,3-5,7", "", 0 },
	/* keep: CPU 0's node first, then the nearest. */
	{ 2, 4, 1, NULL, "auto", "none", 3, "3-7", "", 0 },
	{ 2, 4, 1, NULL, "auto", "none", 6, "6-7", "", 0 },
	{ 2, 4, 1, NULL, "auto", "none", 8, "no core can leave", "", -ENOSPC },
	{ 2, 4, 1, NULL, "5", "none", 4, "only 4 can leave", "", -ENOSPC },
	{ 2, 4, 1, NULL, "4-5", "none", 2, "--keep goes with", "", -EINVAL },
	/* A number: one node, farthest first, from the top down; else several. */
	{ 2, 4, 1, NULL, "1", NULL, 1, "7", "1:1024", 0 },
	{ 2, 4, 1, NULL, "4", NULL, 1, "4-7", "1:4096", 0 },
	{ 2, 4, 1, "6-7", "3", "none", 1, "1-3", "", 0 },
	{ 2, 4, 1, NULL, "6", NULL, 1, "2-7", "0:2048,1:4096", 0 },
	{ 2, 4, 1, NULL, "7", "none", 1, "1-7", "", 0 },
	{ 2, 4, 1, NULL, "8", NULL, 1, "only 7 can leave", "", -ENOSPC },
	{ 2, 4, 2, NULL, "8", "none", 1, "4-7,12-15", "", 0 },
	{ 2, 4, 2, NULL, "2", "none", 1, "7,15", "", 0 },
	{ 2, 4, 2, NULL, "3", NULL, 1, "ask for 2 or 4", "", -EINVAL },
	{ 2, 4, 2, NULL, "1", NULL, 1, "ask for 2", "", -EINVAL },
	{ 2, 4, 2, "15", "1", "none", 1, "7", "", 0 },
	{ 8, 16, 2, NULL, "32", "none", 1, "112-127,240-255", "", 0 },
	{ 1, 8, 1, NULL, "0", NULL, 1, "a bare number is how many", "", -EINVAL },
	{ 1, 8, 1, NULL, "999999", NULL, 1, "only 7 can leave", "", -ENOSPC },
	/* Lists. */
	{ 2, 4, 1, NULL, "2-3,4", NULL, 1, "2-4", "0:2048,1:1024", 0 },
	{ 2, 4, 1, NULL, "5-5", "none", 1, "5", "", 0 },
	{ 2, 4, 2, NULL, "1,9", "none", 1, "1,9", "", 0 },
	{ 2, 4, 2, NULL, "1", NULL, 1, "not a whole core", "", -EINVAL },
	{ 2, 4, 2, NULL, "1,2,9", NULL, 1, "CPUs 2,10 are its hardware threads", "", -EINVAL },
	{ 2, 4, 2, NULL, "0-3", NULL, 1, "the boot CPU", "", -EINVAL },
	{ 2, 4, 2, NULL, "8,9", NULL, 1, "thread of CPU 0's core", "", -EINVAL },
	{ 2, 4, 1, "5", "4-5", NULL, 1, "CPU 5 is offline or reserved", "", -EINVAL },
	{ 2, 4, 1, NULL, "7-9", NULL, 1, "no CPU 8", "", -EINVAL },
	{ 2, 4, 1, NULL, "atuo", NULL, 1, "neither a number", "", -EINVAL },
	{ 2, 4, 1, NULL, "4-", NULL, 1, "not a list", "", -EINVAL },
	{ 2, 4, 1, NULL, "", NULL, 1, "not a list", "", -EINVAL },
	/* Memory. */
	{ 2, 4, 1, NULL, "4-7", "1G", 1, "4-7", "1:1024", 0 },
	{ 2, 4, 1, NULL, "3-6", "1G", 1, "3-6", "0:256,1:768", 0 },
	{ 2, 4, 1, NULL, "3-6", "3M", 1, "3-6", "0:2,1:2", 0 },
	{ 2, 4, 1, NULL, "4-7", "1G@0", 1, "4-7", "0:1024", 0 },
	{ 2, 4, 1, NULL, "4-7", "1G@0,512M@1,512M@1", 1, "4-7", "0:1024,1:1024", 0 },
	{ 2, 4, 1, NULL, "4-7", "25%", 1, "4-7", "1:2048", 0 },
	{ 2, 4, 1, NULL, "3-6", "25%,1G@0", 1, "3-6", "0:3072,1:2048", 0 },
	{ 2, 4, 1, NULL, "4-7", "100%@0", 1, "4-7", "0:8192", 0 },
	{ 2, 4, 1, NULL, NULL, "1G@1", 1, "none", "1:1024", 0 },
	{ 1, 4, 1, NULL, NULL, "1G", 1, "none", "0:1024", 0 },
	{ 2, 4, 1, NULL, NULL, "50%", 1, "none", "0:4096,1:4096", 0 },
	{ 2, 4, 1, NULL, NULL, "1G", 1, "say which node", "", -EINVAL },
	{ 2, 4, 1, NULL, "4-7", "1G@2", 1, "no memory on a node 2; its nodes: 0-1", "", -EINVAL },
	{ 2, 4, 1, NULL, "4-7", "9G", 1, "only 8 GiB in all", "", -ENOSPC },
	{ 2, 4, 1, NULL, "4-7", "512", 1, "was a suffix like M or G meant", "", -EINVAL },
	{ 2, 4, 1, NULL, "4-7", "0", 1, "less than the 2 MiB", "", -EINVAL },
	{ 2, 4, 1, NULL, "4-7", "1G@", 1, "names no NUMA node", "", -EINVAL },
	{ 2, 4, 1, NULL, "4-7", "1G@x", 1, "names no NUMA node", "", -EINVAL },
	{ 2, 4, 1, NULL, "4-7", "1G@1@0", 1, "names no NUMA node", "", -EINVAL },
	{ 2, 4, 1, NULL, "4-7", "0%", 1, "no share", "", -EINVAL },
	{ 2, 4, 1, NULL, "4-7", "101%", 1, "no share", "", -EINVAL },
	{ 2, 4, 1, NULL, "4-7", "1K%", 1, "no share", "", -EINVAL },
	{ 2, 4, 1, NULL, "4-7", "1G,", 1, "not an amount", "", -EINVAL },
	{ 2, 4, 1, NULL, "4-7", "", 1, "not an amount", "", -EINVAL },
};

static void check_row(const struct row *row)
{
	const struct plan_ask ask = {
		.cpus = row->cpus,
		.mem = row->mem,
		.node = PLAN_ANY_NODE,
		.keep = row->keep,
	};
	char cpus[CPUSET_TEXT], mem[256];
	struct machine m;
	struct plan plan;
	struct why why;
	int err;

	fake_machine(&m, row->nodes, row->cores, row->smt, NODE_GIB << 30);
	if (row->offline)
		fake_offline(&m, row->offline);
	why.text[0] = 0;
	err = plan_reserve(&m, &ask, &plan, &why);
	EXPECT_ERR(err, row->err);
	if (err) {
		EXPECT_THAT(strstr(why.text, row->want_cpus), "the sentence is: %s", why.text);
		return;
	}
	EXPECT_STR(cpuset_print(&plan.cpus, cpus, sizeof(cpus)), row->err ? "" : row->want_cpus);
	EXPECT_STR(fake_mem(&plan, mem, sizeof(mem)), row->want_mem);
	EXPECT_EQ(plan.nr_cpus, cpuset_count(&plan.cpus));
	EXPECT(!cpuset_has(&plan.cpus, 0));
}

TEST(plan_reserve_rows)
{
	unsigned int i, before;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		before = check_state.failures;
		check_row(&rows[i]);
		if (check_state.failures != before)
			note("  in: %ux%ux%u offline %s: --cpus %s --mem %s --keep %u",
			     rows[i].nodes, rows[i].cores, rows[i].smt,
			     rows[i].offline ? rows[i].offline : "none",
			     rows[i].cpus ? rows[i].cpus : "(none)",
			     rows[i].mem ? rows[i].mem : "(none)", rows[i].keep);
	}
}

TEST(plan_reserve_counts_and_spans)
{
	struct plan_ask ask = { .cpus = "6", .mem = "1G", .node = PLAN_ANY_NODE, .keep = 1 };
	struct machine m;
	struct plan plan;
	struct why why;

	fake_machine(&m, 2, 4, 2, GIB);
	ASSERT_ERR(plan_reserve(&m, &ask, &plan, &why), 0);
	EXPECT_EQ(plan.nr_cores, 3);
	EXPECT_EQ(plan.nr_nodes, 1);
	EXPECT(!plan.spans);
	EXPECT_EQ(plan_mem(&plan), GIB);
	ask.cpus = "10";
	ASSERT_ERR(plan_reserve(&m, &ask, &plan, &why), 0);
	EXPECT_EQ(plan.nr_nodes, 2);
	EXPECT(plan.spans);
	EXPECT_EQ(plan_mem(&plan), GIB);
}

/*
 * Sub-NUMA: four nodes in two packages; the two of the other package are farther than the
 * neighbour.
 */
TEST(plan_reserve_goes_far_first)
{
	struct plan_ask ask = { .cpus = "2", .mem = "none", .node = PLAN_ANY_NODE, .keep = 1 };
	static const uint32_t distance[] = { 10, 12, 21, 21 };
	static const char *const want[] = { "14-15", "12-15", "8-15" };
	static const char *const asked[] = { "2", "4", "8" };
	char cpus[CPUSET_TEXT];
	struct machine m;
	struct plan plan;
	struct why why;
	unsigned int i;

	fake_machine(&m, 4, 4, 1, GIB);
	for (i = 0; i < 4; i++)
		m.node[i].distance = distance[i];
	for (i = 0; i < 3; i++) {
		ask.cpus = asked[i];
		ASSERT_ERR(plan_reserve(&m, &ask, &plan, &why), 0);
		EXPECT_STR(cpuset_print(&plan.cpus, cpus, sizeof(cpus)), want[i]);
	}
	m.node[1].distance = 40;
	ask.cpus = "3";
	ASSERT_ERR(plan_reserve(&m, &ask, &plan, &why), 0);
	EXPECT_STR(cpuset_print(&plan.cpus, cpus, sizeof(cpus)), "5-7");
}

/* High-bandwidth memory: nodes without CPUs. CPU 0 need not be of node 0, nor be online. */
TEST(plan_reserve_odd_machines)
{
	struct plan_ask ask = { .cpus = "auto", .mem = "1G@1", .node = PLAN_ANY_NODE, .keep = 1 };
	char cpus[CPUSET_TEXT];
	struct machine m;
	struct plan plan;
	struct why why;

	fake_machine(&m, 2, 4, 1, GIB);
	fake_offline(&m, "4-7");
	ASSERT_ERR(plan_reserve(&m, &ask, &plan, &why), 0);
	EXPECT_STR(cpuset_print(&plan.cpus, cpus, sizeof(cpus)), "1-3");
	EXPECT(plan.spans);
	fake_machine(&m, 2, 4, 1, GIB);
	fake_offline(&m, "0");
	ask.mem = "none";
	ASSERT_ERR(plan_reserve(&m, &ask, &plan, &why), 0);
	EXPECT_STR(cpuset_print(&plan.cpus, cpus, sizeof(cpus)), "2-7");
}
