/* SPDX-License-Identifier: MIT */
/*
 * opt.c - reads command lines by their table.
 */
#include "opt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 32u
#define WORD_MAX  32u

int opt_number(const char *what, const char *text, uint32_t min, uint32_t max, uint32_t *value,
	       struct why *why)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || *end || end == text || *text < '0' || *text > '9' || number < min ||
	    number > max)
		return why_say(why, -EINVAL, "%s takes a whole number from %u to %u, not '%.80s'",
			       what, min, max, text);
	*value = (uint32_t)number;
	return 0;
}

/* Levenshtein's distance; words longer than WORD_MAX are far from everything. */
static unsigned int word_distance(const char *a, const char *b)
{
	unsigned int row[WORD_MAX + 1], diagonal, above, best;
	size_t i, k, n = strlen(a), m = strlen(b);

	if (n > WORD_MAX || m > WORD_MAX)
		return WORD_MAX;
	for (k = 0; k <= m; k++)
		row[k] = (unsigned int)k;
	for (i = 1; i <= n; i++) {
		diagonal = row[0];
		row[0] = (unsigned int)i;
		for (k = 1; k <= m; k++) {
			above = row[k];
			best = diagonal + (a[i - 1] != b[k - 1]);
			if (above + 1 < best)
				best = above + 1;
			if (row[k - 1] + 1 < best)
				best = row[k - 1] + 1;
			diagonal = above;
			row[k] = best;
		}
	}
	return row[m];
}

const char *word_nearest(const char *word, const char *const *names, size_t nr)
{
	unsigned int distance, least = strlen(word) < 5 ? 2 : 3;
	const char *best = NULL;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (strlen(word) >= 2 && strncmp(word, names[i], strlen(word)) == 0)
			return names[i];
		distance = word_distance(word, names[i]);
		if (distance < least && distance < strlen(word)) {
			least = distance;
			best = names[i];
		}
	}
	return best;
}

static int unknown_option(const struct opt *table, const char *word, size_t length, struct why *why)
{
	const char *names[NAMES_MAX] = { "help" }, *near;
	char name[WORD_MAX + 8];
	size_t nr = 1;

	for (; table->name && nr < NAMES_MAX; table++)
		names[nr++] = table->name;
	snprintf(name, sizeof(name), "%.*s", (int)length, word);
	near = word_nearest(name, names, nr);
	if (near)
		return why_say(why, -EINVAL, "there is no option --%s; did you mean --%s?", name,
			       near);
	return why_say(why, -EINVAL, "there is no option --%s; --help lists the options", name);
}

/* Stores a value, or true for a flag. name is as the user wrote it. */
static int opt_store(const struct opt *opt, const char *name, const char *value, struct why *why)
{
	switch (opt->kind) {
	case OPT_FLAG:
		*(bool *)opt->to = true;
		return 0;
	case OPT_NUMBER:
		return opt_number(name, value, opt->min, opt->max, opt->to, why);
	default:
		if (!*value)
			return why_say(why, -EINVAL, "%s takes %s, not an empty word", name,
				       opt->arg);
		*(const char **)opt->to = value;
		return 0;
	}
}

/* "--name", "--name=value", or "--name" with the value in the next word. */
static int long_parse(const struct opt *table, char **argv, int argc, int *at, struct why *why)
{
	const char *word = argv[*at] + 2, *value = strchr(word, '=');
	size_t length = value ? (size_t)(value - word) : strlen(word);
	const struct opt *opt = table;
	char name[WORD_MAX + 8];

	while (opt->name && (strlen(opt->name) != length || strncmp(opt->name, word, length) != 0))
		opt++;
	if (!opt->name)
		return unknown_option(table, word, length, why);
	snprintf(name, sizeof(name), "--%s", opt->name);
	if (opt->kind == OPT_FLAG && value)
		return why_say(why, -EINVAL, "%s takes no value", name);
	if (opt->kind == OPT_FLAG || value)
		return opt_store(opt, name, value ? value + 1 : NULL, why);
	if (*at + 1 >= argc)
		return why_say(why, -EINVAL, "%s needs a value: %s", name, opt->arg);
	return opt_store(opt, name, argv[++*at], why);
}

/* "-x", "-xy", "-xVALUE", "-x VALUE". */
static int short_parse(const struct opt *table, char **argv, int argc, int *at, struct why *why)
{
	const char *p = argv[*at] + 1;
	const struct opt *opt;
	char name[3] = "-?";
	int err;

	for (; *p; p++) {
		for (opt = table; opt->name && opt->letter != *p; opt++)
			;
		name[1] = *p;
		if (!opt->name)
			return why_say(why, -EINVAL,
				       "there is no option %s; --help lists the options", name);
		if (opt->kind == OPT_FLAG) {
			opt_store(opt, name, NULL, why);
			continue;
		}
		if (p[1])
			return opt_store(opt, name, p + 1, why);
		if (*at + 1 >= argc)
			return why_say(why, -EINVAL, "%s needs a value: %s", name, opt->arg);
		err = opt_store(opt, name, argv[++*at], why);
		return err;
	}
	return 0;
}

int opt_parse(const struct opt *table, int argc, char **argv, bool first_ends, int *nr,
	      struct why *why)
{
	bool ended = false;
	int i, err, n = 0;

	for (i = 1; i < argc; i++) {
		const char *word = argv[i];

		if (ended || word[0] != '-' || !word[1]) {
			argv[n++] = argv[i];
			ended = ended || first_ends;
		} else if (strcmp(word, "--") == 0) {
			ended = true;
		} else {
			err = word[1] == '-' ? long_parse(table, argv, argc, &i, why)
					     : short_parse(table, argv, argc, &i, why);
			if (err)
				return err;
		}
	}
	*nr = n;
	return 0;
}

/* Prints text from column `from` on, broken between words at 80 columns. */
static void wrap(const char *text, int from, FILE *out)
{
	int at = from;
	size_t length;

	while (*text) {
		length = strcspn(text, " ");
		if (at > from && at + 1 + (int)length > 80) {
			fprintf(out, "\n%*s", from, "");
			at = from;
		}
		at += fprintf(out, "%s%.*s", at > from ? " " : "", (int)length, text);
		text += length;
		text += *text == ' ';
	}
	putc('\n', out);
}

void opt_help(const struct opt *table, FILE *out)
{
	int at;

	for (; table->name; table++) {
		at = table->letter ? fprintf(out, "  -%c, --%s", table->letter, table->name)
				   : fprintf(out, "      --%s", table->name);
		if (table->arg)
			at += fprintf(out, " %s", table->arg);
		if (at > 26)
			fprintf(out, "\n%28s", "");
		else
			fprintf(out, "%*s", 28 - at, "");
		wrap(table->help, 28, out);
	}
}
