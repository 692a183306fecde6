// SPDX-License-Identifier: MIT
/*
 * params.c - command lines, good and bad; each bad word is named once and changes nothing else.
 */
#include "unit.h"

#include <isle/log.h>
#include <kern/params.h>

static char complaints[1024];

static void bad(const char *what, const char *word, int length)
{
	size_t used = strlen(complaints);

	snprintf(complaints + used, sizeof(complaints) - used, "%s %.*s;", what, length, word);
}

static struct params parse(const char *line)
{
	struct params p;

	complaints[0] = 0;
	params_parse(&p, line, bad);
	return p;
}

TEST(defaults)
{
	struct params p = parse("");

	EXPECT(!p.selftest && !p.stop && !p.poison && !p.inject[0]);
	EXPECT_EQ(p.loglevel, ISLE_LOG_INFO);
	EXPECT_EQ(p.cpus, 1);
	EXPECT_EQ(p.exit, 0);
	EXPECT_STR(complaints, "");
}

TEST(all_together)
{
	struct params p = parse("  selftest stop\tinject=panic loglevel=4 exit=255 rings=18446744073709551615\n"
				"cpus=256 tsc_khz=2600000 poison idle ");

	EXPECT_STR(complaints, "");
	EXPECT(p.selftest && p.stop && p.poison && p.idle);
	EXPECT_STR(p.inject, "panic");
	EXPECT_EQ(p.loglevel, 4);
	EXPECT_EQ(p.exit, 255);
	EXPECT(p.rings == ~0ull);
	EXPECT_EQ(p.cpus, 256);
	EXPECT_EQ(p.tsc_khz, 2600000);
}

TEST(bad_words_are_named)
{
	struct params p = parse("frobnicate stop=1 exit=256 exit exit= exit=-1 exit=1x loglevel=0 "
				"rings=18446744073709551616 inject= inject=abcdefghijklmnop =x stop");

	EXPECT_STR(complaints,
		   "unknown parameter frobnicate;parameter without a proper value stop=1;"
		   "parameter without a proper value exit=256;parameter without a proper value exit;"
		   "parameter without a proper value exit=;parameter without a proper value exit=-1;"
		   "parameter without a proper value exit=1x;parameter without a proper value loglevel=0;"
		   "parameter without a proper value rings=18446744073709551616;"
		   "parameter without a proper value inject=;"
		   "parameter without a proper value inject=abcdefghijklmnop;unknown parameter =x;");
	EXPECT(p.stop);
	EXPECT_EQ(p.exit, 0);
	EXPECT_EQ(p.rings, 1000);
	EXPECT_STR(p.inject, "");
}

int main(void)
{
	return check_main(NULL);
}
