/* SPDX-License-Identifier: MIT */
/*
 * test_plan_isle.c - what is cut from the reserve.
 */
#include "check.h"

#include "fake.h"
#include "plan.h"

struct row {
	const char *gone; /* CPUs of the machine that are not free */
	const char *cpus, *mem;
	uint32_t node;
	const char *want_cpus; /* or a part of the sentence, if err */
	const char *want_mem;  /* "node:MiB,..." */
	int err;
};

#define ANY PLAN_ANY_NODE

/*
 * A reserve of two nodes with four cores of two threads and 4 GiB each: CPUs 0-3,8-11 and
 * 4-7,12-15.
 */
static const struct row rows[] = {
	{ NULL, NULL, NULL, ANY, "0-3,8-11", "0:4096", 0 },
	{ NULL, "auto", NULL, 1, "4-7,12-15", "1:4096", 0 },
	{ NULL, "all", NULL, ANY, "0-15", "0:4096,1:4096", 0 },
	{ NULL, "all", NULL, 1, "4-7,12-15", "1:4096", 0 },
	{ NULL, "2", NULL, ANY, "3,11", "0:1024", 0 },
	{ NULL, "8", "1G", ANY, "0-3,8-11", "0:1024", 0 },
	{ NULL, "4", "1G@1", ANY, "6-7,14-15", "1:1024", 0 },
	{ NULL, "4", "1G@1", 0, "2-3,10-11", "1:1024", 0 },
	{ NULL, "4", "1G@1,1G@0", ANY, "2-3,10-11", "0:1024,1:1024", 0 },
	{ "0,8", NULL, NULL, ANY, "4-7,12-15", "1:4096", 0 },
	{ "0,8", "2", NULL, ANY, "7,15", "1:1024", 0 },
	{ NULL, "3,11", NULL, ANY, "3,11", "0:1024", 0 },
	{ NULL, "3,4,11,12", NULL, ANY, "3-4,11-12", "0:1024,1:1024", 0 },
	{ NULL, "2", "50%", ANY, "3,11", "0:2048", 0 },
	{ NULL, "10", NULL, ANY, "only 8 free", "", -ENOSPC },
	{ NULL, "10", NULL, 1, "of node 1", "", -ENOSPC },
	{ NULL, "3", NULL, ANY, "ask for 2 or 4", "", -EINVAL },
	{ NULL, "3", "1G", ANY, "ask for 2 or 4", "", -EINVAL },
	{ NULL, "3-3", NULL, ANY, "CPUs 3,11 are its hardware threads", "", -EINVAL },
	{ NULL, "20-21", NULL, ANY, "not in the reserve", "", -EINVAL },
	{ NULL, "3,11", "none", ANY, "needs memory", "", -ENOSPC },
	{ NULL, "3,11", "5G", ANY, "only 4 GiB free", "", -ENOSPC },
	{ NULL, "3,11", "1G@2", ANY, "no memory on a node 2", "", -EINVAL },
	{ NULL, "half", NULL, ANY, "the word auto or all", "", -EINVAL },
	{ NULL, "auto", NULL, 5, "no free CPU of node 5", "", -ENOSPC },
	{ "0-15", NULL, NULL, ANY, "no free CPU", "", -ENOSPC },
	{ "0-15", "all", NULL, ANY, "no free CPU", "", -ENOSPC },
	{ "0-15", "2", NULL, ANY, "no free CPU", "", -ENOSPC },
};

static void check_row(const struct row *row)
{
	const struct plan_ask ask = { .cpus = row->cpus, .mem = row->mem, .node = row->node };
	char cpus[CPUSET_TEXT], mem[256];
	struct machine m;
	struct plan plan;
	struct why why;
	int err;

	fake_machine(&m, 2, 4, 2, 4 * GIB);
	if (row->gone)
		fake_offline(&m, row->gone);
	why.text[0] = 0;
	err = plan_isle(&m, &ask, &plan, &why);
	EXPECT_ERR(err, row->err);
	if (err) {
		EXPECT_THAT(strstr(why.text, row->want_cpus), "the sentence is: %s", why.text);
		return;
	}
	EXPECT_STR(cpuset_print(&plan.cpus, cpus, sizeof(cpus)), row->want_cpus);
	EXPECT_STR(fake_mem(&plan, mem, sizeof(mem)), row->want_mem);
}

TEST(plan_isle_rows)
{
	unsigned int i, before;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		before = check_state.failures;
		check_row(&rows[i]);
		if (check_state.failures != before)
			note("  in: without %s: --cpus %s --mem %s --node %d",
			     rows[i].gone ? rows[i].gone : "none",
			     rows[i].cpus ? rows[i].cpus : "(none)",
			     rows[i].mem ? rows[i].mem : "(none)", (int)rows[i].node);
	}
}

TEST(plan_isle_prefers_nodes_with_memory)
{
	struct plan_ask ask = { .node = PLAN_ANY_NODE };
	char cpus[CPUSET_TEXT], mem[256];
	struct machine m;
	struct plan plan;
	struct why why;

	fake_machine(&m, 2, 4, 1, GIB);
	m.node[0].free = 0;
	ASSERT_ERR(plan_isle(&m, &ask, &plan, &why), 0);
	EXPECT_STR(cpuset_print(&plan.cpus, cpus, sizeof(cpus)), "4-7");
	/* CPUs of one node, memory of the other: better than nothing. */
	ask.node = 0;
	ASSERT_ERR(plan_isle(&m, &ask, &plan, &why), 0);
	EXPECT_STR(cpuset_print(&plan.cpus, cpus, sizeof(cpus)), "0-3");
	EXPECT_STR(fake_mem(&plan, mem, sizeof(mem)), "1:1024");
	EXPECT(plan.spans);
	m.node[1].free = 0;
	EXPECT_ERR(plan_isle(&m, &ask, &plan, &why), -ENOSPC);
	EXPECT(strstr(why.text, "none free"));
}

TEST(plan_isle_names_cpus_of_others)
{
	struct plan_ask ask = { .cpus = "1-2", .node = PLAN_ANY_NODE };
	struct machine m;
	struct plan plan;
	struct why why;

	fake_machine(&m, 1, 4, 1, GIB);
	fake_offline(&m, "2");
	cpuset_add(&m.used, 2);
	EXPECT_ERR(plan_isle(&m, &ask, &plan, &why), -ENOSPC);
	EXPECT(strstr(why.text, "CPU 2 belongs to another isle"));
}
