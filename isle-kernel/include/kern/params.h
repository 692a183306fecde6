/* SPDX-License-Identifier: MIT */
/*
 * params.h - the command line, parsed. Words are separated by blanks; `name` or `name=value`.
 */
#ifndef KERN_PARAMS_H
#define KERN_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#define PARAMS_INJECT_MAX  16

struct params {
	bool     idle;       /* do nothing until told to stop: the default */
	bool     selftest;   /* run the self-tests */
	bool     stop;       /* stop when done */
	bool     renumber;   /* CPUs have the numbers 0, 1, 2... for the program, not Linux's */
	bool     poison;     /* fill freed memory with a pattern */
	uint64_t loglevel;   /* ISLE_LOG_* */
	uint64_t exit;       /* exit status to report, 0 to 255 */
	uint64_t rings;      /* for inject=ring */
	uint64_t seed;       /* for inject=scribble and inject=hostile */
	uint64_t cpus;       /* qemu: cores to start */
	uint64_t tsc_khz;    /* qemu: rate of the TSC, 0: ask the processor */
	uint64_t spin;       /* microseconds that a forwarded call polls before its thread blocks */
	uint64_t boot;       /* qemu: ipa of a boot page that is there already, 0: none */
	char     inject[PARAMS_INJECT_MAX]; /* a fault to cause, empty for none */
};

extern struct params params;

/*
 * Parses a command line into *out, which gets its defaults first. Calls bad(what, word, length) for
 * each word that is unknown or malformed and goes on.
 */
void params_parse(struct params *out, const char *line,
		  void (*bad)(const char *what, const char *word, int length));

#endif
