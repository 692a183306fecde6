/* SPDX-License-Identifier: MIT */
/*
 * progress.c - a thread that lives as long as a step and looks at the clock, because the step
 * itself sits in one long system call.
 */
#include "progress.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define QUIET_S 2

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void progress_init(struct progress *progress, const char *tool, bool verbose)
{
	pthread_condattr_t attr;

	memset(progress, 0, sizeof(*progress));
	progress->tool = tool;
	progress->verbose = verbose;
	pthread_mutex_init(&progress->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&progress->wake, &attr);
	pthread_condattr_destroy(&attr);
}

static void *watch(void *arg)
{
	struct progress *progress = arg;
	struct timespec until;
	unsigned int seconds = QUIET_S;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += QUIET_S;
	pthread_mutex_lock(&progress->lock);
	while (!progress->done) {
		if (pthread_cond_timedwait(&progress->wake, &progress->lock, &until) == 0)
			continue;
		if (progress->done)
			break;
		fprintf(stderr, "\r%s: %s ... %u s ", progress->tool, progress->step, seconds++);
		fflush(stderr);
		until.tv_sec++;
	}
	if (seconds > QUIET_S)
		fprintf(stderr, "\r%*s\r",
			(int)(strlen(progress->tool) + strlen(progress->step) + 20), "");
	pthread_mutex_unlock(&progress->lock);
	return NULL;
}

void progress_step(struct progress *progress, const char *format, ...)
{
	sigset_t all, old;
	va_list args;

	progress_end(progress);
	va_start(args, format);
	vsnprintf(progress->step, sizeof(progress->step), format, args);
	va_end(args);
	progress->begin_ns = now_ns();
	if (progress->verbose)
		fprintf(stderr, "%s: %s ...\n", progress->tool, progress->step);
	else if (isatty(2)) {
		progress->done = false;
		/* Signals are the main thread's. */
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &old);
		progress->running = pthread_create(&progress->thread, NULL, watch, progress) == 0;
		pthread_sigmask(SIG_SETMASK, &old, NULL);
	}
}

void progress_end(struct progress *progress)
{
	if (progress->running) {
		pthread_mutex_lock(&progress->lock);
		progress->done = true;
		pthread_cond_signal(&progress->wake);
		pthread_mutex_unlock(&progress->lock);
		pthread_join(progress->thread, NULL);
		progress->running = false;
	} else if (progress->verbose && progress->step[0]) {
		fprintf(stderr, "%s: %s: done in %.3f s\n", progress->tool, progress->step,
			(double)(now_ns() - progress->begin_ns) / 1e9);
	}
	progress->step[0] = 0;
}
