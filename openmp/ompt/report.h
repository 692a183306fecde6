/* SPDX-License-Identifier: MIT */
/*
 * report.h - from records to what the user reads: where it goes, the table, the JSON.
 *
 * All numbers are printed as integers: the program may have set a locale in which a float is no
 * JSON.
 */
#ifndef OMPT_REPORT_H
#define OMPT_REPORT_H

#include "record.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct output {
	FILE *out;
	bool json;
	char path[512];  /* empty: standard error */
};

struct report {
	const char *runtime;  /* name and version of the OpenMP runtime */
	const struct noise_source *noise;
	const char *isle_why;  /* why the noise is not from an isle's counters, or empty */
	uint64_t ticks, ns;    /* the same stretch of time by TSC and by the clock */
	bool steady;           /* the TSC runs at a constant rate */
	struct region *regions;
	unsigned int nr;
	uint64_t dropped;      /* region instances that found no room */
};

/*
 * Opens what ISLE_OMPT says: NULL, "" or "1": the table on standard error; "json": JSON there;
 * FILE, json:FILE: a file, %p in the name is the process, %h the host. A file that cannot be opened
 * is complained about at once and replaced by standard error.
 */
void output_open(struct output *output, const char *setting);
/* Complains if not everything could be written. */
void output_close(struct output *output);

void report_table(FILE *out, const struct report *report);
void report_json(FILE *out, const struct report *report);

uint64_t report_ns(const struct report *report, uint64_t ticks);

/* Where a region is. Texts are empty if nothing is known. */
struct where {
	char object[256];   /* file that holds the code */
	uint64_t offset;    /* as addr2line wants it */
	char function[128];
	char line[256];     /* FILE:LINE, only if lines were asked for */
};

/* lines: ask addr2line as well; it is started once a region. */
void where_find(struct where *where, const void *code, bool lines);
/* Whether the user wants lines (ISLE_OMPT_LINES=1). */
bool where_lines(void);

#endif
