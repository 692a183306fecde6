// SPDX-License-Identifier: MIT
/*
 * params.c - the command line: one row a parameter.
 */
#include <kern/params.h>

#include <stddef.h>

#include <isle/log.h>
#include <kern/string.h>

struct params params;

enum kind { FLAG, NUMBER, WORD };

static const struct row {
	const char *name;
	enum kind kind;
	size_t at;             /* in struct params */
	uint64_t least, most;
} rows[] = {
	{ "idle",     FLAG,   offsetof(struct params, idle),     0, 0 },
	{ "selftest", FLAG,   offsetof(struct params, selftest), 0, 0 },
	{ "stop",     FLAG,   offsetof(struct params, stop),     0, 0 },
	{ "renumber", FLAG,   offsetof(struct params, renumber), 0, 0 },
	{ "poison",   FLAG,   offsetof(struct params, poison),   0, 0 },
	{ "loglevel", NUMBER, offsetof(struct params, loglevel), ISLE_LOG_ERROR, ISLE_LOG_DEBUG },
	{ "exit",     NUMBER, offsetof(struct params, exit),     0, 255 },
	{ "rings",    NUMBER, offsetof(struct params, rings),    0, ~0ull },
	{ "seed",     NUMBER, offsetof(struct params, seed),     0, ~0ull },
	{ "cpus",     NUMBER, offsetof(struct params, cpus),     1, ISLE_MAX_CPUS },
	{ "tsc_khz",  NUMBER, offsetof(struct params, tsc_khz),  1, 100000000 },
	{ "boot",     NUMBER, offsetof(struct params, boot),     1, ~0ull },
	{ "spin",     NUMBER, offsetof(struct params, spin),     0, 1000000 },
	{ "inject",   WORD,   offsetof(struct params, inject),   1, PARAMS_INJECT_MAX - 1 },
};

/* A decimal number that is all of the text. */
static bool number_parse(const char *text, size_t size, uint64_t *value)
{
	size_t i;

	*value = 0;
	for (i = 0; i < size; i++) {
		uint64_t digit = (uint64_t)(text[i] - '0');

		if (digit > 9 || *value > (~0ull - digit) / 10)
			return false;
		*value = *value * 10 + digit;
	}
	return size > 0;
}

/* False if the value is not what the row wants. value is NULL if there is none. */
static bool row_take(const struct row *row, struct params *out, const char *value, size_t size)
{
	char *at = (char *)out + row->at;
	uint64_t number;

	switch (row->kind) {
	case FLAG:
		if (value)
			return false;
		*(bool *)at = true;
		return true;
	case NUMBER:
		if (!value || !number_parse(value, size, &number) || number < row->least ||
		    number > row->most)
			return false;
		*(uint64_t *)(void *)at = number;
		return true;
	case WORD:
		if (!value || size < row->least || size > row->most)
			return false;
		memcpy(at, value, size);
		at[size] = 0;
		return true;
	}
	return false;
}

static const struct row *row_find(const char *name, size_t size)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].name[0] == *name && strlen(rows[i].name) == size && !memcmp(rows[i].name, name, size))
			return &rows[i];
	return NULL;
}

/* Returns what is wrong with the word, or NULL. */
static const char *word_parse(struct params *out, const char *word, size_t size)
{
	size_t name = 0;
	const struct row *row;
	bool valued;

	while (name < size && word[name] != '=')
		name++;
	valued = name < size;
	row = row_find(word, name);
	if (!row)
		return "unknown parameter";
	if (!row_take(row, out, valued ? word + name + 1 : NULL, valued ? size - name - 1 : 0))
		return "parameter without a proper value";
	return NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

void params_parse(struct params *out, const char *line,
		  void (*bad)(const char *what, const char *word, int length))
{
	memset(out, 0, sizeof(*out));
	out->loglevel = ISLE_LOG_INFO;
	out->rings = 1000;
	out->cpus = 1;
	out->spin = 20;
	while (*line) {
		const char *why;
		size_t size = 0;

		if (is_blank(*line)) {
			line++;
			continue;
		}
		while (line[size] && !is_blank(line[size]))
			size++;
		why = word_parse(out, line, size);
		if (why)
			bad(why, line, (int)size);
		line += size;
	}
}
