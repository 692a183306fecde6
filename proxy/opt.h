/* SPDX-License-Identifier: MIT */
/*
 * opt.h - command lines from tables: a row is an option, says where its value goes, and is its own
 * help text.
 *
 * Unlike getopt_long() it takes no abbreviations, and for a word it does not know it names the
 * nearest one it does.
 */
#ifndef PROXY_OPT_H
#define PROXY_OPT_H

#include "why.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum opt_kind {
	OPT_FLAG,   /* bool */
	OPT_TEXT,   /* const char *, must not be empty */
	OPT_NUMBER, /* uint32_t, from min to max */
};

struct opt {
	const char *name; /* without dashes; NULL ends the table */
	char letter;	  /* or 0 */
	enum opt_kind kind;
	void *to;
	const char *arg; /* what --help calls the value */
	const char *help;
	uint32_t min, max;
};

/*
 * Reads argv[1] and on. Accepts --name VALUE, --name=VALUE, -x VALUE, -xVALUE, joined flags -xy;
 * "--" ends options, and so does the first operand if first_ends. Operands are moved to argv[0] and
 * on; *nr counts them. 0, or -EINVAL with a sentence.
 */
int opt_parse(const struct opt *table, int argc, char **argv, bool first_ends, int *nr,
	      struct why *why);

/*
 * Reads a whole decimal number from min to max. 0, or -EINVAL with a sentence that begins with
 * what.
 */
int opt_number(const char *what, const char *text, uint32_t min, uint32_t max, uint32_t *value,
	       struct why *why);

/* One line an option, wrapped at 80 columns. */
void opt_help(const struct opt *table, FILE *out);

/* The obvious meaning of a mistyped word among names, or NULL. */
const char *word_nearest(const char *word, const char *const *names, size_t nr);

#endif
