/* SPDX-License-Identifier: MIT */
/*
 * bound.c - bound SECONDS COMMAND [ARGUMENT...]: ends as the command ended (128 + a signal's number), or with 124 after
 * it was ended because the time was up. What timeout(1) does, for run.sh: linked statically, since on an emulated
 * machine finding libraries takes longer than most programs of the set.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* Until the child has ended or the time is up. True if it has ended. */
static int ended(pid_t child, int seconds, int *status)
{
	struct timespec now, end, left;
	sigset_t chld;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += seconds;
	for (;;) {
		if (waitpid(child, status, WNOHANG) == child)
			return 1;
		clock_gettime(CLOCK_MONOTONIC, &now);
		left.tv_sec = end.tv_sec - now.tv_sec;
		left.tv_nsec = end.tv_nsec - now.tv_nsec;
		if (left.tv_nsec < 0) {
			left.tv_sec--;
			left.tv_nsec += 1000000000;
		}
		if (left.tv_sec < 0)
			return 0;
		sigtimedwait(&chld, NULL, &left);
	}
}

int main(int argc, char **argv)
{
	const struct rlimit none = { 0, 0 };
	posix_spawnattr_t attr;
	sigset_t chld, before;
	int status, err;
	pid_t child;

	if (argc < 3 || atoi(argv[1]) < 1) {
		fprintf(stderr, "usage: bound SECONDS COMMAND [ARGUMENT...]\n");
		return 125;
	}
	/* All that the command starts is ended with it. */
	setpgid(0, 0);
	setrlimit(RLIMIT_CORE, &none);
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, &before);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &before);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	err = posix_spawnp(&child, argv[2], NULL, &attr, argv + 2, environ);
	if (err) {
		fprintf(stderr, "bound: %s: %s\n", argv[2], strerror(err));
		return err == ENOENT ? 127 : 126;
	}
	if (!ended(child, atoi(argv[1]), &status)) {
		signal(SIGTERM, SIG_IGN);
		kill(0, SIGTERM);
		kill(0, SIGCONT);
		if (!ended(child, 2, &status)) {
			kill(child, SIGKILL);
			waitpid(child, &status, 0);
		}
		return 124;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
