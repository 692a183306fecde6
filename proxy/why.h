/* SPDX-License-Identifier: MIT */
/*
 * why.h - one sentence for a person, carried next to every -errno.
 *
 * The function that knows what was wrong writes the sentence; the callers between it and main()
 * only pass it on.
 */
#ifndef PROXY_WHY_H
#define PROXY_WHY_H

#define WHY_SIZE 640

struct why {
	char text[WHY_SIZE];
};

/* Writes the sentence and returns err, so that a failure is one statement. */
int why_say(struct why *why, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
