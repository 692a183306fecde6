/* SPDX-License-Identifier: MIT */
/*
 * main.c - islectl: finds the command and runs it.
 */
#include "ctl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct command commands[] = {
	{ "reserve", "", "take CPUs and memory from Linux into the reserve",
	  "CPUS is a list like 2-5,8, a number of CPUs, or auto (every core but CPU 0's).\n"
	  "MEM is a list of SIZE, SIZE@NODE, N% or N%@NODE; without --mem half of the free\n"
	  "memory of each node that gives cores is taken, in proportion to the cores.\n",
	  reserve_run },
	{ "release", "", "give the whole reserve back to Linux", NULL, release_run },
	{ "list", "", "list the isles, living ones first", NULL, list_run },
	{ "status", "[ISLE]", "show the reserve and its isles, or one isle", NULL, status_run },
	{ "log", "ISLE", "print what an isle said, living or dead", NULL, log_run },
	{ "stats", "ISLE", "print an isle's counters and interrupts", NULL, stats_run },
	{ "doctor", "", "check whether this host is fit for isles, and say what to do",
	  "Exit status 0: fit, 1: there are problems.\n", doctor_run },
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void usage(FILE *out)
{
	size_t i;

	fputs("Usage: islectl COMMAND [OPTIONS]\n\n"
	      "Takes CPUs and memory from Linux for isles, shows isles, gives all back.\n\n",
	      out);
	for (i = 0; i < NR_COMMANDS; i++)
		fprintf(out, "  %-8s %-7s  %s\n", commands[i].name, commands[i].operands,
			commands[i].summary);
	fputs("\nislectl COMMAND --help prints the options; islectl --version the version.\n"
	      "Exit status: 0 done, 1 failed, 2 wrong usage, 3 no module, 4 not allowed.\n",
	      out);
}

static int unknown_command(const char *word)
{
	const char *names[NR_COMMANDS], *near;
	size_t i;

	for (i = 0; i < NR_COMMANDS; i++)
		names[i] = commands[i].name;
	near = word_nearest(word, names, NR_COMMANDS);
	if (near)
		fprintf(stderr, "islectl: there is no command '%s'; did you mean '%s'?\n", word,
			near);
	else
		fprintf(stderr,
			"islectl: there is no command '%s'; the commands are reserve, release, "
			"list, status, log, stats, doctor\n",
			word);
	return CTL_USAGE;
}

int ctl_parse(struct ctl *ctl, const struct opt *opts, int argc, char **argv, int most, int *nr)
{
	const struct command *command = ctl->command;
	int err, least = command->operands[0] && command->operands[0] != '[';

	err = opt_parse(opts, argc, argv, false, nr, &ctl->why);
	if (!err && ctl->help) {
		printf("Usage: islectl %s%s%s [OPTIONS]\n\n%s.\n%s%s\n", command->name,
		       command->operands[0] ? " " : "", command->operands, command->summary,
		       command->details ? "\n" : "", command->details ? command->details : "");
		opt_help(opts, stdout);
		return CTL_OK;
	}
	if (!err && *nr < least)
		err = why_say(&ctl->why, -EINVAL,
			      "it needs the number of an isle; `islectl list' shows them");
	if (!err && *nr > most && most == 0)
		err = why_say(&ctl->why, -EINVAL, "it takes options only, not '%s'", argv[0]);
	if (!err && *nr > most)
		err = why_say(&ctl->why, -EINVAL, "it takes one isle, not '%s' besides",
			      argv[most]);
	if (!err)
		return CTL_GO;
	ctl_fail(ctl, err, &ctl->why);
	return CTL_USAGE;
}

int ctl_open(struct ctl *ctl)
{
	int err = dev_open(&ctl->dev);

	return err ? ctl_fail(ctl, err, &ctl->dev.why) : CTL_GO;
}

int ctl_fail(const struct ctl *ctl, int err, const struct why *why)
{
	fflush(stdout);
	fprintf(stderr, "islectl %s: %s\n", ctl->command->name, why->text);
	switch (err) {
	case -ENODEV:
	case -EPROTO:
		return CTL_NO_DEVICE;
	case -EACCES:
	case -EPERM:
		return CTL_DENIED;
	default:
		return CTL_FAILED;
	}
}

int ctl_isle(struct ctl *ctl, const char *text, uint32_t *isle)
{
	int err = opt_number("ISLE", text, 0, UINT32_MAX, isle, &ctl->why);

	if (!err)
		return CTL_GO;
	ctl_fail(ctl, err, &ctl->why);
	return CTL_USAGE;
}

void ctl_json_cpus(struct json *json, const char *key, const struct isle_cpuset *set)
{
	unsigned int i;

	json_array(json, key);
	for (i = 0; i < 8 * sizeof(set->bits); i++)
		if (set->bits[i / 64] >> (i % 64) & 1)
			json_unsigned(json, NULL, i);
	json_array_end(json);
}

int main(int argc, char **argv)
{
	struct ctl ctl = { .dev = { .fd = -1 } };
	int status;
	size_t i;

	if (argc < 2) {
		usage(stderr);
		return CTL_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		usage(stdout);
		return CTL_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("islectl (hermit-isles) %s, ABI revision %u\n", PACKAGE_VERSION,
		       ISLE_ABI_REVISION);
		return CTL_OK;
	}
	for (i = 0; i < NR_COMMANDS && strcmp(commands[i].name, argv[1]) != 0; i++)
		;
	if (i == NR_COMMANDS)
		return unknown_command(argv[1]);
	ctl.command = &commands[i];
	status = ctl.command->run(&ctl, argc - 1, argv + 1);
	dev_close(&ctl.dev);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "islectl: the output could not be written: %s\n", strerror(errno));
		return status ? status : CTL_FAILED;
	}
	return status;
}
