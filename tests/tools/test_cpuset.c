/* SPDX-License-Identifier: MIT */
/*
 * test_cpuset.c - lists of CPUs, both ways.
 */
#include "check.h"

#include "cpuset.h"

TEST(cpuset_lists_are_read_and_printed_shortest)
{
	static const char *const rows[][2] = {
		{ "0", "0" },		{ "1023", "1023" },   { "2-3,6", "2-3,6" },
		{ "3,2", "2-3" },	{ "0-3,2-5", "0-5" }, { "7,7,7", "7" },
		{ "5-5", "5" },		{ "0,2,4", "0,2,4" }, { "62-65", "62-65" },
		{ "0-1023", "0-1023" },
	};
	char text[CPUSET_TEXT];
	struct isle_cpuset set;
	struct why why;
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		EXPECT_ERR(cpuset_parse(rows[i][0], &set, &why), 0);
		EXPECT_STR(cpuset_print(&set, text, sizeof(text)), rows[i][1]);
	}
}

TEST(cpuset_nonsense_is_refused_with_a_sentence)
{
	static const char *const rows[] = {
		"",   ",",  "1,",    ",1",  "1,,2", "a",      "1a",
		"1-", "-1", "1-2-3", "3-2", "1024", "0-1024", "99999999999999999999",
		" 1", "1 ", "0x1",   "1;2", "1.5",  "+1",
	};
	struct isle_cpuset set;
	struct why why;
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		why.text[0] = 0;
		EXPECT_THAT(cpuset_parse(rows[i], &set, &why) == -EINVAL, "'%s' is taken", rows[i]);
		EXPECT_THAT(strlen(why.text) > 10, "'%s' has no sentence", rows[i]);
	}
}

TEST(cpuset_members)
{
	struct isle_cpuset a, b;
	struct why why;

	cpuset_parse("1-3,100", &a, &why);
	cpuset_parse("4,100", &b, &why);
	EXPECT_EQ(cpuset_count(&a), 4);
	EXPECT(cpuset_has(&a, 100) && !cpuset_has(&a, 0) && !cpuset_has(&a, 5000));
	EXPECT(cpuset_overlaps(&a, &b));
	cpuset_remove(&b, 100);
	EXPECT(!cpuset_overlaps(&a, &b));
	cpuset_join(&b, &a);
	EXPECT_EQ(cpuset_count(&b), 5);
	cpuset_add(&b, 1024);
	cpuset_remove(&b, 1024);
	EXPECT_EQ(cpuset_count(&b), 5);
	cpuset_clear(&b);
	EXPECT_EQ(cpuset_count(&b), 0);
}

TEST(cpuset_print_stays_in_its_buffer)
{
	char text[CPUSET_TEXT], small[8];
	struct isle_cpuset set;
	unsigned int i;

	cpuset_clear(&set);
	EXPECT_STR(cpuset_print(&set, text, sizeof(text)), "none");
	for (i = 1; i < CPUSET_MAX; i += 2)
		cpuset_add(&set, i);
	cpuset_print(&set, text, sizeof(text));
	EXPECT_STR(text + strlen(text) - 5, ",1023");
	cpuset_print(&set, small, sizeof(small));
	EXPECT_STR(small, "1,3,5,7");
}
