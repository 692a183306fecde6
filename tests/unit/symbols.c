// SPDX-License-Identifier: MIT
/*
 * symbols.c - names of addresses: first and last byte of functions, and what lies outside.
 */
#include "unit.h"

#include <kern/symbols.h>

static const struct symbol sorted[] = { { 0x10, 0 }, { 0x20, 4 }, { 0x25, 8 } };
static const struct symbols table = { 0x1000, 0x1040, 3, sorted, "one\0two\0six" };

static void expect_at(uint64_t addr, const char *name, uint64_t distance)
{
	uint64_t got = 0;
	const char *found = symbol_find(&table, addr, &got);

	EXPECT_STR(found ? found : "(none)", name);
	EXPECT_EQ(got, distance);
}

TEST(addresses)
{
	expect_at(0x100f, "(none)", 0);
	expect_at(0x1010, "one", 0);
	expect_at(0x101f, "one", 15);
	expect_at(0x1020, "two", 0);
	expect_at(0x1024, "two", 4);
	expect_at(0x1025, "six", 0);
	expect_at(0x103f, "six", 0x1a);
	expect_at(0x1040, "(none)", 0);
	expect_at(0, "(none)", 0);
	expect_at(~0ull, "(none)", 0);
}

TEST(empty_table)
{
	const struct symbols empty = { 0x1000, 0x2000, 0, NULL, "" };
	uint64_t distance;

	EXPECT(!symbol_find(&empty, 0x1800, &distance));
}

int main(void)
{
	return check_main(NULL);
}
