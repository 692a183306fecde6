/* SPDX-License-Identifier: MIT */
/*
 * test_opt.c - command lines.
 */
#include "check.h"

#include "opt.h"

static bool flag, other;
static const char *word;
static uint32_t number;

static const struct opt table[] = {
	{ "flag", 'f', OPT_FLAG, &flag, NULL, "a flag", 0, 0 },
	{ "other", 'o', OPT_FLAG, &other, NULL, "another", 0, 0 },
	{ "word", 'w', OPT_TEXT, &word, "WORD", "a word", 0, 0 },
	{ "number", 'n', OPT_NUMBER, &number, "N", "a number", 3, 9 },
	{ NULL, 0, OPT_FLAG, NULL, NULL, NULL, 0, 0 },
};

static struct why why;
static char *args[16];
static int nr;

/* Parses the words of a line, which is cut up. */
static int parse(char *line, bool first_ends)
{
	int argc = 1;

	flag = other = false;
	word = NULL;
	number = 0;
	why.text[0] = 0;
	args[0] = line;
	for (line = strtok(line, " "); line; line = strtok(NULL, " "))
		args[argc++] = line;
	args[argc] = NULL;
	return opt_parse(table, argc, args, first_ends, &nr, &why);
}

#define PARSE(text)                                                                                \
	__extension__({                                                                            \
		static char words[] = text;                                                        \
		parse(words, false);                                                               \
	})

TEST(opt_forms)
{
	EXPECT_ERR(PARSE("--flag --word x --number 5"), 0);
	EXPECT(flag && !other && number == 5);
	EXPECT_STR(word, "x");
	EXPECT_ERR(PARSE("-fo -wx -n9"), 0);
	EXPECT(flag && other && number == 9);
	EXPECT_STR(word, "x");
	EXPECT_ERR(PARSE("--word=a=b -n 3"), 0);
	EXPECT_STR(word, "a=b");
	EXPECT_EQ(number, 3);
	EXPECT_ERR(PARSE("-fw --flag"), 0);
	EXPECT_STR(word, "--flag");
}

TEST(opt_operands)
{
	static char line[] = "a -f b";

	EXPECT_ERR(PARSE("a -f b -- -o"), 0);
	EXPECT_EQ(nr, 3);
	EXPECT_STR(args[0], "a");
	EXPECT_STR(args[1], "b");
	EXPECT_STR(args[2], "-o");
	EXPECT(flag && !other);
	EXPECT_ERR(parse(line, true), 0);
	EXPECT_EQ(nr, 3);
	EXPECT(!flag);
	EXPECT_ERR(PARSE("-"), 0);
	EXPECT_EQ(nr, 1);
}

TEST(opt_nonsense)
{
	EXPECT_ERR(PARSE("--flog"), -EINVAL);
	EXPECT(strstr(why.text, "--flag"));
	EXPECT_ERR(PARSE("--xyzzy"), -EINVAL);
	EXPECT(strstr(why.text, "--help"));
	EXPECT_ERR(PARSE("--fla"), -EINVAL);
	EXPECT_ERR(PARSE("-x"), -EINVAL);
	EXPECT_ERR(PARSE("--word"), -EINVAL);
	EXPECT(strstr(why.text, "WORD"));
	EXPECT_ERR(PARSE("-w"), -EINVAL);
	EXPECT_ERR(PARSE("--word="), -EINVAL);
	EXPECT_ERR(PARSE("--flag=yes"), -EINVAL);
	EXPECT_ERR(PARSE("-n 2"), -EINVAL);
	EXPECT(strstr(why.text, "3 to 9"));
	EXPECT_ERR(PARSE("-n 10"), -EINVAL);
	EXPECT_ERR(PARSE("-n -5"), -EINVAL);
	EXPECT_ERR(PARSE("-n 5x"), -EINVAL);
	EXPECT_ERR(PARSE("-n +5"), -EINVAL);
	EXPECT_ERR(PARSE("-n 99999999999999999999"), -EINVAL);
}

TEST(opt_nearest)
{
	static const char *const names[] = {
		"reserve", "release", "list", "status", "log", "stats"
	};
	const size_t n = sizeof(names) / sizeof(names[0]);

	EXPECT_STR(word_nearest("reserv", names, n), "reserve");
	EXPECT_STR(word_nearest("relaese", names, n), "release");
	EXPECT_STR(word_nearest("lst", names, n), "list");
	EXPECT_STR(word_nearest("lgo", names, n) ? "a guess" : "none", "none");
	EXPECT(!word_nearest("create", names, n));
	EXPECT(!word_nearest("", names, n));
	EXPECT(!word_nearest("a-word-that-is-much-longer-than-any-name-here", names, n));
}
