/* SPDX-License-Identifier: MIT */
/*
 * refusal.c - fills in sentences of the table of messages, and writes the table for people.
 */
#include "refusal.h"

#include <stdarg.h>
#include <string.h>

struct row {
	const char *name, *text, *todo;
	int err;
};

#define M(name, err, text, todo) { #name, text, todo, err },
static const struct row placement[] = { MPI_MESSAGES_PLACEMENT(M) };
static const struct row launcher[] = { MPI_MESSAGES_LAUNCHER(M) };
static const struct row meeting[] = { MPI_MESSAGES_MEETING(M) };
static const struct row fit[] = { MPI_MESSAGES_FIT(M) };
#undef M

static const struct {
	const char *title;
	const struct row *rows;
	size_t nr;
} groups[] = {
	{ "Placement", placement, sizeof(placement) / sizeof(placement[0]) },
	{ "Launcher", launcher, sizeof(launcher) / sizeof(launcher[0]) },
	{ "Meeting", meeting, sizeof(meeting) / sizeof(meeting[0]) },
	{ "Program and environment", fit, sizeof(fit) / sizeof(fit[0]) },
};

int refusal_write(struct refusal *why, enum message message, int err, const char *format, ...)
{
	va_list args;

	why->message = message;
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return -err;
}

const char *refusal_name(enum message message)
{
	static const char *const names[MSG_COUNT] = {
		"none",
#define M(name, err, text, todo) #name,
		MPI_MESSAGES(M)
#undef M
	};

	return (unsigned int)message < MSG_COUNT ? names[message] : "unknown";
}

/* A reader wants to recognise the sentence, so a number is N and a text is an ellipsis. */
static void write_pattern(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text != '%') {
			fputc(*text, out);
			continue;
		}
		text += 1 + strspn(text + 1, "l");
		fputs(*text == 's' ? "…" : "N", out);
	}
}

void refusal_document(FILE *out)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		fprintf(out, "%s### %s\n\n| sentence | what to do |\n|---|---|\n", g ? "\n" : "",
			groups[g].title);
		for (size_t i = 0; i < groups[g].nr; i++) {
			const struct row *row = &groups[g].rows[i];

			fprintf(out, "| %s", row->err ? "" : "*note:* ");
			write_pattern(out, row->text);
			fprintf(out, " | %s |\n", row->todo);
		}
	}
}
