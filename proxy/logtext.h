/* SPDX-License-Identifier: MIT */
/*
 * logtext.h - an isle's log, from records to lines.
 *
 *   [   0.001234] cpu2: text        a core of the isle, by its row
 *   [   0.001300] linux: text       a line of the module about this isle
 *   [... 96 bytes are lost ...]     the store did not keep them
 *
 * Text comes from an isle and may hold anything: control characters are shown as \xNN unless raw
 * was asked for.
 */
#ifndef PROXY_LOGTEXT_H
#define PROXY_LOGTEXT_H

#include "dev.h"
#include "json.h"

#include <isle/log.h>

#include <stdbool.h>
#include <stdio.h>

enum logtext_form {
	LOGTEXT_LINES,
	LOGTEXT_RAW,  /* the texts alone, as they are */
	LOGTEXT_JSON, /* one object a line */
	LOGTEXT_ERRORS, /* the texts of errors alone: sentences for the user */
};

struct logtext {
	FILE *out;
	enum logtext_form form;
	const char *prefix; /* in front of each line, or NULL */
	uint64_t pos;	    /* how far the log has been read */
	bool ended;	    /* nothing more will come */
};

/*
 * Prints the records of a buffer. Returns false if they are malformed; whole records before that
 * are printed.
 */
bool logtext_print(struct logtext *log, const void *records, size_t size);

/*
 * Prints what the log of an isle has from log->pos on, and all that follows until timeout_ms pass
 * without a record (0: does not wait). 0 or -errno with a sentence in dev.
 */
int logtext_drain(struct logtext *log, struct dev *dev, uint32_t isle, uint32_t timeout_ms);

#endif
