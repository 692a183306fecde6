/* SPDX-License-Identifier: MIT */
/*
 * doctor.h - findings, and how the checks read the host.
 *
 * Each check looks at one thing and reports what it found: `ok`, `note` (works, but know this) or
 * `problem` (isles will not work, or not as they should), and what to do. Checks change nothing.
 * All paths go through doctor_text() and its like, which put $ISLE_DOCTOR_ROOT in front, so that
 * recorded hosts can be examined.
 */
#ifndef CTL_DOCTOR_H
#define CTL_DOCTOR_H

#include "ctl.h"

#include "machine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum severity {
	DOCTOR_OK,
	DOCTOR_NOTE,
	DOCTOR_PROBLEM
};

struct finding {
	enum severity severity;
	const char *area;
	char text[512];
	char advice[512];
};

#define DOCTOR_FINDINGS 96u
#define DOCTOR_PATH	512u

struct doctor {
	struct finding finding[DOCTOR_FINDINGS];
	unsigned int nr, problems, notes;
	const char *root;   /* "" for this host */
	char release[80];   /* of the running kernel */
	char cmdline[4096]; /* of the kernel, with a blank at both ends */
	struct machine machine;
	struct isle_cpuset leaving; /* CPUs of the cores that could leave */
	unsigned int reserved_cpus; /* in the reserve already */
};

/* Adds a finding. advice is "" where there is nothing to do. */
void doctor_say(struct doctor *d, enum severity severity, const char *area, const char *advice,
		const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Opens a file of the host for reading, or NULL; the path is a format. */
FILE *doctor_open(const struct doctor *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Reads its first line without the newline into text; false and "" if there is none. */
bool doctor_text(const struct doctor *d, char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The host's name for a path, in a buffer of DOCTOR_PATH. Returns the buffer. */
const char *doctor_path(const struct doctor *d, const char *path, char *buffer);
/* Whether the kernel's command line has a word that begins so. */
bool doctor_booted_with(const struct doctor *d, const char *word);

/* The checks, by file: host, module, CPUs, interrupts, memory. */
void doctor_host(struct doctor *d);
void doctor_module(struct doctor *d);
void doctor_cpus(struct doctor *d);
void doctor_irqs(struct doctor *d);
void doctor_memory(struct doctor *d);

#endif
