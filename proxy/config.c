/* SPDX-License-Identifier: MIT */
/*
 * config.c - reads options and environment, and refuses what makes no sense together.
 */
#include "config.h"

#include "opt.h"
#include "plan.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODE_MAX (ISLE_MAX_NODES - 1u)
#define POLL_DEFAULT_US 20u
#define POLL_MOST_US    1000000u

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* A variable by either of its names: uhyve has names of its own for some of HermitCore's. 0 or -EINVAL. */
static int variable_either(const char *name, const char *synonym, const char **value, struct why *why)
{
	const char *first = variable(name), *second = variable(synonym);

	*value = first ? first : second;
	if (!first || !second || !strcmp(first, second))
		return 0;
	return why_say(why, -EINVAL, "%s is '%.80s', but %s, which means the same, is '%.80s': set one of them", name,
		       first, synonym, second);
}

static int config_options(struct config *config, int argc, char **argv, bool print, struct why *why)
{
	const struct opt opts[] = {
		{ "isle", 'i', OPT_TEXT, &config->isle, "KIND",
		  "where: multi (bare cores of the reserve), the number of a NUMA node of it, "
		  "uhyve (a virtual machine by KVM), or qemu (a machine that QEMU emulates); else the "
		  "first of multi, uhyve and qemu that can be; HERMIT_ISLE",
		  0, 0 },
		{ "cpus", 'c', OPT_TEXT, &config->cpus, "CPUS",
		  "a number of CPUs, a list like 2-5,8, auto (the free CPUs of one node), or all; "
		  "HERMIT_CPUS",
		  0, 0 },
		{ "cpu-numbers", 0, OPT_TEXT, &config->numbers, "WHOSE",
		  "the numbers of CPUs that the program sees: linux (Linux's, which may begin anywhere), or isle "
		  "(from 0 without gaps, for programs that expect that); HERMIT_CPU_NUMBERS",
		  0, 0 },
		{ "mem", 'm', OPT_TEXT, &config->mem, "MEM",
		  "memory: SIZE[@NODE] or N%[@NODE], several separated by commas; HERMIT_MEM", 0,
		  0 },
		{ "node", 'N', OPT_NUMBER, &config->node, "NODE", "take CPUs of this NUMA node", 0,
		  NODE_MAX },
		{ "image", 0, OPT_TEXT, &config->image, "FILE", "the isle kernel; ISLE_IMAGE", 0,
		  0 },
		{ "kernel-args", 0, OPT_TEXT, &config->kernel_args, "WORDS",
		  "further words for the isle kernel", 0, 0 },
		{ "selftest", 0, OPT_FLAG, &config->selftest, NULL,
		  "let the isle kernel test itself, then stop", 0, 0 },
		{ "idle", 0, OPT_FLAG, &config->idle, NULL,
		  "let the isle do nothing until it is stopped", 0, 0 },
		{ "start-timeout", 0, OPT_NUMBER, &config->start_ms, "MS",
		  "milliseconds until an isle that is not up has failed", 1, ISLE_TIMEOUT_MAX_MS },
		{ "dry-run", 'n', OPT_FLAG, &config->dry_run, NULL,
		  "print what would be taken, start nothing", 0, 0 },
		{ "json", 0, OPT_FLAG, &config->json, NULL,
		  "with --dry-run: as JSON; else what the run cost (uhyve)", 0, 0 },
		{ "strace", 0, OPT_FLAG, &config->strace, NULL,
		  "write every system call of the program to the isle's log", 0, 0 },
		{ "debug", 'g', OPT_TEXT, &config->debug, "MODE",
		  "1: gdb can come to port 1234 (or the next free one) of this host at any time; "
		  "wait: the program waits for it; 0: no; HERMIT_DEBUG",
		  0, 0 },
		{ "verbose", 'v', OPT_FLAG, &config->verbose, NULL,
		  "print the isle's log and each step to standard error; HERMIT_VERBOSE=1", 0, 0 },
		{ "version", 0, OPT_FLAG, &config->version, NULL, "print the version", 0, 0 },
		{ "help", 'h', OPT_FLAG, &config->help, NULL, "print this help", 0, 0 },
		{ NULL, 0, OPT_FLAG, NULL, NULL, NULL, 0, 0 },
	};

	if (print) {
		opt_help(opts, stdout);
		return 0;
	}
	return opt_parse(opts, argc, argv, true, &config->nr_program, why);
}

static int config_environment(struct config *config, struct why *why)
{
	const char *verbose = variable("HERMIT_VERBOSE"), *poll = variable("HERMIT_POLL");
	const char *port = variable("HERMIT_GDB_PORT");
	int err;

	memset(config, 0, sizeof(*config));
	config->node = PLAN_ANY_NODE;
	config->isle = variable("HERMIT_ISLE");
	/* uhyve waits for gdb wherever a port is named. */
	config->debug = port && !variable("HERMIT_DEBUG") ? "wait" : variable("HERMIT_DEBUG");
	config->numbers = variable("HERMIT_CPU_NUMBERS");
	if (verbose && strcmp(verbose, "0") != 0 && strcmp(verbose, "1") != 0)
		return why_say(why, -EINVAL, "HERMIT_VERBOSE is 0 or 1, not '%.80s'", verbose);
	config->verbose = verbose && *verbose == '1';
	config->poll_us = POLL_DEFAULT_US;
	err = variable_either("HERMIT_CPUS", "HERMIT_CPU_COUNT", &config->cpus, why);
	if (!err)
		err = variable_either("HERMIT_MEM", "HERMIT_MEMORY_SIZE", &config->mem, why);
	if (!err && port)
		err = opt_number("HERMIT_GDB_PORT", port, 1, 65535, &config->debug_port, why);
	if (!err && poll)
		err = opt_number("HERMIT_POLL, in microseconds,", poll, 0, POLL_MOST_US, &config->poll_us, why);
	return err;
}

/* HERMIT_ISLE, --isle: the platform, or a node of the reserve. */
static int config_isle(struct config *config, struct why *why)
{
	static const char *const kinds[] = { "multi", "uhyve", "qemu" };
	const char *near;
	uint32_t node;
	size_t i;
	int err;

	for (i = 0; config->isle && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(config->isle, kinds[i]))
			config->platform = kinds[i];
	if (!config->isle || config->platform)
		return 0;
	if (!isdigit((unsigned char)*config->isle)) {
		near = word_nearest(config->isle, kinds, 3);
		return why_say(why, -EINVAL, "there is no kind of isle '%.40s'; %s%s%s",
			       config->isle,
			       near ? "did you mean " : "write multi, uhyve, qemu, or the number of a NUMA node",
			       near ? near : "", near ? "?" : "");
	}
	err = opt_number("a number for --isle or HERMIT_ISLE names a NUMA node: it", config->isle,
			 0, NODE_MAX, &node, why);
	if (err)
		return err;
	if (config->node != PLAN_ANY_NODE && config->node != node)
		return why_say(why, -EINVAL, "--node %u and --isle %u name different nodes",
			       config->node, node);
	config->platform = "multi";
	config->node = node;
	return 0;
}

static int config_work(struct config *config, struct why *why)
{
	int length;

	if (config->debug && !strcmp(config->debug, "0"))
		config->debug = NULL;
	if (config->debug && !strcmp(config->debug, "machine")) {
		if (!config->platform || strcmp(config->platform, "qemu") != 0)
			return why_say(why, -EINVAL, "HERMIT_DEBUG=machine is QEMU's own debugger port: it needs "
				       "HERMIT_ISLE=qemu; 1 and wait debug the program on every platform");
		config->debug = NULL;
	}
	if (config->debug && strcmp(config->debug, "1") != 0 && strcmp(config->debug, "wait") != 0)
		return why_say(why, -EINVAL, "--debug and HERMIT_DEBUG are 0, 1, wait or machine, not '%.80s'",
			       config->debug);

	if (config->numbers && strcmp(config->numbers, "linux") != 0 && strcmp(config->numbers, "isle") != 0)
		return why_say(why, -EINVAL, "--cpu-numbers and HERMIT_CPU_NUMBERS are linux or isle, not '%.80s'",
			       config->numbers);
	config->renumber = config->numbers && *config->numbers == 'i';
	if (config->nr_program && (config->selftest || config->idle))
		return why_say(why, -EINVAL,
			       "--selftest and --idle are for isles without a program: '%.80s' would not be run",
			       config->program[0]);
	if (config->selftest && config->idle)
		return why_say(why, -EINVAL, "--selftest and --idle exclude each other");
	if (!config->nr_program && !config->selftest && !config->idle && !config->kernel_args)
		return why_say(why, -EINVAL,
			       "say what the isle shall do: PROGRAM, --selftest, --idle, or --kernel-args "
			       "WORDS");
	length = snprintf(config->args, sizeof(config->args), "%s%s%s",
			  config->selftest ? "selftest stop " : config->idle ? "idle " : "",
			  config->renumber ? "renumber " : "", config->kernel_args ? config->kernel_args : "");
	if (length >= (int)sizeof(config->args))
		return why_say(why, -EINVAL,
			       "the isle kernel takes at most %d characters of arguments",
			       ISLE_CMDLINE_MAX - 1);
	return 0;
}

int config_read(struct config *config, int argc, char **argv, struct why *why)
{
	int err;

	err = config_environment(config, why);
	if (!err)
		err = config_options(config, argc, argv, false, why);
	if (err || config->help || config->version)
		return err;
	config->program = argv;
	argv[config->nr_program] = NULL;
	err = config_isle(config, why);
	return err ? err : config_work(config, why);
}

void config_help(void)
{
	struct config config;
	struct why why;

	puts("Usage: isle-run [OPTIONS] PROGRAM [ARGS...]\n"
	     "       isle-run [OPTIONS] --selftest | --idle | --kernel-args WORDS\n\n"
	     "Cuts an isle from the reserve, boots the isle kernel on it, runs PROGRAM there\n"
	     "and ends as it ends.\n");
	config_options(&config, 0, NULL, true, &why);
	puts("\nSignals are the program's. Without one SIGINT, SIGTERM or SIGHUP stops the isle\n"
	     "in order, a second one at once. Exit status: the program's; 2 wrong usage;\n"
	     "125 isle-run or the isle kernel failed; 126 PROGRAM cannot be run; 127 it is not\n"
	     "there.");
}
