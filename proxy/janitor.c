/* SPDX-License-Identifier: MIT */
/*
 * janitor.c - a grandchild at the other end of a pipe, which ends when its last writer does.
 *
 * It is a session of its own, so that nobody kills it along with this process; it has none of the descriptors
 * of this one, so that nobody waits for it; and init is its parent, so that the program never meets it.
 */
#include "janitor.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_PATHS  4

static int pipe_end = -1;

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st, (void)kind, (void)where;
	remove(path);
	return 0;
}

/* One path a message; the messages of a pipe of packets stay apart. */
static void janitor_main(int end)
{
	static char path[MAX_PATHS][PATH_MAX];
	unsigned int nr = 0;
	sigset_t all;
	ssize_t got;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	prctl(PR_SET_NAME, "isle-janitor");
	if (dup2(end, 0) < 0 || close_range(1, ~0u, 0) || chdir("/"))
		_exit(1);
	for (;;) {
		char text[PATH_MAX];

		got = read(0, text, sizeof(text) - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		text[got] = 0;
		if (nr < MAX_PATHS)
			memcpy(path[nr++], text, (size_t)got + 1);
	}
	while (nr)
		nftw(path[--nr], remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	_exit(0);
}

int janitor_start(void)
{
	struct sigaction old, ignored = { .sa_handler = SIG_IGN };
	struct pollfd reader = { .events = 0 };
	int end[2], status;
	pid_t child;

	if (pipe2(end, O_CLOEXEC | O_DIRECT))
		return -errno;
	/* Ignored, so that its time is not added to that of the program's children. */
	sigaction(SIGCHLD, &ignored, &old);
	child = fork();
	if (child == 0) {
		setsid();
		if (fork() == 0)
			janitor_main(end[0]);
		_exit(0);
	}
	status = child < 0 ? -errno : 0;
	close(end[0]);
	while (!status && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	sigaction(SIGCHLD, &old, NULL);
	/* Nobody reads: there is no grandchild. */
	reader.fd = end[1];
	if (!status && poll(&reader, 1, 0) != 0)
		status = -EAGAIN;
	if (status) {
		close(end[1]);
		return status;
	}
	pipe_end = end[1];
	return 0;
}

void janitor_tell(const char *path)
{
	size_t length = strlen(path);

	/* Packets are pages. */
	if (pipe_end >= 0 && length < PATH_MAX && write(pipe_end, path, length) != (ssize_t)length)
		pipe_end = -1;
}

int janitor_guard(int (*take)(int fd))
{
	int fd = pipe_end < 0 ? -1 : take(pipe_end);

	if (pipe_end >= 0 && fd < 0)
		return fd;
	pipe_end = fd;
	return 0;
}
