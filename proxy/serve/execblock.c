// SPDX-License-Identifier: MIT
/*
 * execblock.c - writes the exec block (abi/isle/exec.h).
 */
#include "execblock.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <isle/exec.h>

struct strings {
	char *at;
	size_t room;
};

static int string_put(struct strings *to, const char *text)
{
	size_t len = strlen(text) + 1;

	if (len > to->room)
		return -E2BIG;
	memcpy(to->at, text, len);
	to->at += len;
	to->room -= len;
	return 0;
}

/* Number of strings, or -E2BIG. */
static int vector_put(struct strings *to, char *const vector[])
{
	int n;

	for (n = 0; vector[n]; n++)
		if (string_put(to, vector[n]))
			return -E2BIG;
	return n;
}

static void identity_fill(struct isle_exec *block)
{
	block->pid = (uint32_t)getpid();
	block->ppid = (uint32_t)getppid();
	block->pgid = (uint32_t)getpgrp();
	block->sid = (uint32_t)getsid(0);
	block->uid = getuid();
	block->euid = geteuid();
	block->gid = getgid();
	block->egid = getegid();
}

static void limits_fill(struct isle_exec *block)
{
	uint32_t i;

	for (i = 0; i < ISLE_NR_RLIMITS; i++) {
		struct rlimit limit;

		block->rlimit[i][0] = block->rlimit[i][1] = RLIM_INFINITY;
		if (getrlimit((__rlimit_resource_t)i, &limit) == 0) {
			block->rlimit[i][0] = limit.rlim_cur;
			block->rlimit[i][1] = limit.rlim_max;
		}
	}
}

/* Only what a program inherits: ignored signals, and the mask. */
static void signals_fill(struct isle_exec *block)
{
	struct sigaction action;
	sigset_t mask;
	int signo;

	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	for (signo = 1; signo <= 64; signo++) {
		if (sigaction(signo, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
			block->sigignored |= 1ull << (signo - 1);
		if (sigismember(&mask, signo) == 1)
			block->sigblocked |= 1ull << (signo - 1);
	}
}

int execblock_fill(uint8_t *window, int fd, const char *name, char *const argv[], char *const envp[], uint32_t flags)
{
	struct isle_exec *block = (struct isle_exec *)(window + ISLE_WINDOW_EXEC);
	struct strings to = { (char *)(block + 1), ISLE_EXEC_SIZE - sizeof(*block) };
	struct stat file;
	int argc, envc;

	memset(block, 0, sizeof(*block));
	argc = vector_put(&to, argv);
	envc = argc < 0 ? argc : vector_put(&to, envp);
	if (argc < 0 || envc < 0 || string_put(&to, name))
		return -E2BIG;
	if (getrandom(block->random, sizeof(block->random), 0) != (ssize_t)sizeof(block->random))
		return -errno;
	block->revision = ISLE_ABI_REVISION;
	block->flags = flags;
	block->fd = fd;
	block->file_size = fstat(fd, &file) == 0 && file.st_size > 0 ? (uint64_t)file.st_size : 0;
	block->argc = (uint32_t)argc;
	block->envc = (uint32_t)envc;
	block->strings_size = (uint32_t)(to.at - (char *)(block + 1));
	identity_fill(block);
	limits_fill(block);
	signals_fill(block);
	block->magic = ISLE_EXEC_MAGIC; /* last: the block is complete */
	return 0;
}
