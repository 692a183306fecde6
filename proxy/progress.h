/* SPDX-License-Identifier: MIT */
/*
 * progress.h - what a tool is waiting for, said when the wait gets long.
 *
 * On a terminal a step that takes over two seconds shows itself and the seconds so far, and is
 * wiped off when it ends. Where nobody looks nothing is printed, unless the user asked for it: then
 * each step is a line.
 */
#ifndef PROXY_PROGRESS_H
#define PROXY_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *tool;
	bool verbose; /* print a line for each step, terminal or not */

	char step[160];
	bool running; /* the thread below exists */
	bool done;    /* asks it to end; guarded by lock */
	uint64_t begin_ns;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
};

/* tool: the name that stands in front of each line. */
void progress_init(struct progress *progress, const char *tool, bool verbose);

/* A step begins; the one before, if any, ends. */
void progress_step(struct progress *progress, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The step is over. Safe without one. */
void progress_end(struct progress *progress);

#endif
