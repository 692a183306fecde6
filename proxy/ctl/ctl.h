/* SPDX-License-Identifier: MIT */
/*
 * ctl.h - what the commands of islectl share: exit statuses, parsing, failing, printing.
 *
 * A command is one function of a table in main.c. It parses its own options (their table is its
 * help), opens the device if it needs it, and returns an exit status.
 */
#ifndef CTL_CTL_H
#define CTL_CTL_H

#include "dev.h"
#include "json.h"
#include "opt.h"
#include "why.h"

#include <stdbool.h>

/* Exit statuses, documented in islectl(8). */
enum {
	CTL_OK = 0,
	CTL_FAILED = 1,	   /* the sentence says why */
	CTL_USAGE = 2,	   /* what was typed makes no sense; the sentence says what is expected */
	CTL_NO_DEVICE = 3, /* no device, or a module of another revision */
	CTL_DENIED = 4,	   /* not allowed */
	CTL_GO = -1,	   /* not an exit status: go on */
};

struct ctl;

struct command {
	const char *name;
	const char *operands; /* for the usage line, or "" */
	const char *summary;
	const char *details; /* further lines of --help, or NULL */
	int (*run)(struct ctl *ctl, int argc, char **argv);
};

struct ctl {
	const struct command *command;
	bool json, help, verbose;
	struct dev dev;
	struct json out;
	struct why why;
};

/*
 * Rows that every command has; ctl_parse() adds --help and, where there is a row for it, handles
 * the rest alike.
 */
#define CTL_JSON(ctl)                                                                              \
	{                                                                                          \
		"json", 0, OPT_FLAG, &(ctl)->json, NULL, "print JSON", 0, 0                        \
	}
#define CTL_VERBOSE(ctl)                                                                           \
	{                                                                                          \
		"verbose", 'v', OPT_FLAG, &(ctl)->verbose, NULL,                                   \
			"say each step and how long it took", 0, 0                                 \
	}
#define CTL_HELP(ctl)                                                                              \
	{ "help", 'h', OPT_FLAG, &(ctl)->help, NULL, "print this help", 0, 0 },                    \
	{                                                                                          \
		NULL, 0, OPT_FLAG, NULL, NULL, NULL, 0, 0                                          \
	}

/*
 * Parses options and checks the number of operands, which are then in argv[0] and on. CTL_GO, or
 * the exit status after
 * --help or a mistake.
 */
int ctl_parse(struct ctl *ctl, const struct opt *opts, int argc, char **argv, int most, int *nr);

/* Opens the device. CTL_GO or an exit status. */
int ctl_open(struct ctl *ctl);

/* Prints the sentence; returns the exit status for err. */
int ctl_fail(const struct ctl *ctl, int err, const struct why *why);

/* Parses the number of an isle. CTL_GO or an exit status. */
int ctl_isle(struct ctl *ctl, const char *text, uint32_t *isle);

/* Numbers as other programs read them: CPUs as a list in JSON, one member a CPU. */
void ctl_json_cpus(struct json *json, const char *key, const struct isle_cpuset *set);

int reserve_run(struct ctl *ctl, int argc, char **argv);
int release_run(struct ctl *ctl, int argc, char **argv);
int list_run(struct ctl *ctl, int argc, char **argv);
int status_run(struct ctl *ctl, int argc, char **argv);
int log_run(struct ctl *ctl, int argc, char **argv);
int stats_run(struct ctl *ctl, int argc, char **argv);
int doctor_run(struct ctl *ctl, int argc, char **argv);

/* The part of `status` that is about one isle (ctl/status.c, ctl/isle.c). */
int isle_show(struct ctl *ctl, uint32_t isle);
/* The isle's life, memory and owner as words, for tables. */
void isle_json(struct json *json, const struct isle_stat *stat);

#endif
