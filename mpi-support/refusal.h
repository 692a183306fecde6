/* SPDX-License-Identifier: MIT */
/*
 * refusal.h - one sentence of the table of messages, filled in, next to every -errno.
 *
 * The function that knows what was wrong writes the sentence; its callers only pass it on. The
 * sentence remembers which message it is, so that tests and documents speak of the same thing.
 */
#ifndef MPI_SUPPORT_REFUSAL_H
#define MPI_SUPPORT_REFUSAL_H

#include "messages.h"

#include <errno.h>
#include <stdio.h>

#define REFUSAL_SIZE  512

enum message {
	MSG_NONE = 0,
#define M(name, err, text, todo) MSG_##name,
	MPI_MESSAGES(M)
#undef M
	MSG_COUNT
};

struct refusal {
	enum message message;
	char text[REFUSAL_SIZE];
};

/* One constant a message, so that the compiler checks the arguments against the sentence. */
#define M(name, err, text, todo) \
	static const char msg_text_##name[] __attribute__((unused)) = text;
MPI_MESSAGES(M)
#undef M
enum {
#define M(name, err, text, todo) MSG_ERR_##name = err,
	MPI_MESSAGES(M)
#undef M
};

/* Writes the sentence and returns -errno of the message, so that a failure is one statement. */
#define refuse(why, name, ...) \
	refusal_write(why, MSG_##name, MSG_ERR_##name, msg_text_##name, ##__VA_ARGS__)

int refusal_write(struct refusal *why, enum message message, int err, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Writes the table of messages as docs/mpi.md has it. */
void refusal_document(FILE *out);

/* Name of a message as in the table, "none" for 0. */
const char *refusal_name(enum message message);

#endif
