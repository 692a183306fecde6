/* SPDX-License-Identifier: MIT */
/*
 * config.h - what isle-run was asked for: options, over the environment, over defaults.
 */
#ifndef PROXY_CONFIG_H
#define PROXY_CONFIG_H

#include "why.h"

#include <isle/ioctl.h>

#include <stdbool.h>
#include <stdint.h>

struct config {
	const char *isle;  /* HERMIT_ISLE: a platform, a number of a node, or NULL */
	const char *platform; /* the platform it means: "multi" (also for a number), "uhyve", "qemu"; NULL: the best */
	const char *cpus;  /* HERMIT_CPUS, as plan.h has it, or NULL */
	const char *mem;   /* HERMIT_MEM */
	uint32_t node;	   /* or PLAN_ANY_NODE */
	const char *image; /* or NULL: image_find() looks for it */
	const char *kernel_args;
	uint32_t start_ms; /* 0: the module's default */
	const char *numbers;  /* HERMIT_CPU_NUMBERS: "linux", "isle" or NULL */
	bool renumber;        /* it is "isle" */
	uint32_t poll_us;     /* HERMIT_POLL: how long a worker looks for the next call before it sleeps */
	const char *debug;    /* HERMIT_DEBUG: "1", "wait" or NULL */
	uint32_t debug_port;  /* HERMIT_GDB_PORT; 0: 1234, or the next free one */
	bool selftest, idle, dry_run, json, verbose, strace;
	bool help, version;

	int nr_program; /* words of the program to run */
	char **program;
	char args[ISLE_CMDLINE_MAX]; /* the isle kernel's command line */
};

/* Fills config. 0, or -EINVAL with a sentence. The words of argv are moved. */
int config_read(struct config *config, int argc, char **argv, struct why *why);

/* The text of --help. */
void config_help(void);

#endif
