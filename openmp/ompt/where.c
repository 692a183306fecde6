// SPDX-License-Identifier: MIT
/*
 * where.c - from the return address of a region to names.
 *
 * The dynamic linker knows the object and exported functions. Lines are in debug information, which
 * addr2line reads; it is only started on request, because a process of an MPI job had better not
 * fork at its end, and an isle cannot.
 */
#include "report.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

bool where_lines(void)
{
	const char *s = getenv("ISLE_OMPT_LINES");

	return s && !strcmp(s, "1");
}

/* Reads all that addr2line -f prints: the function, then FILE:LINE. */
static ssize_t run_addr2line(const char *object, const char *address, char *text, size_t size)
{
	const char *const args[] = { "addr2line", "-f", "-C", "-e", object, address, NULL };
	posix_spawn_file_actions_t actions;
	size_t n = 0;
	ssize_t got = -1;
	pid_t pid;
	int fd[2], ret, status;

	if (pipe2(fd, O_CLOEXEC) < 0)
		return -1;
	if (posix_spawn_file_actions_init(&actions)) {
		close(fd[0]);
		close(fd[1]);
		return -1;
	}
	ret = posix_spawn_file_actions_adddup2(&actions, fd[1], 1);
	ret = ret ? ret : posix_spawnp(&pid, args[0], &actions, NULL,
				       (char *const *)(uintptr_t)args, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(fd[1]);
	while (!ret && n + 1 < size) {
		got = read(fd[0], text + n, size - 1 - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	close(fd[0]);
	text[n] = 0;
	if (ret || waitpid(pid, &status, 0) < 0 || status || got < 0)
		return -1;
	return (ssize_t)n;
}

static void find_line(struct where *where)
{
	char text[512], address[24], *newline;
	const char *line;

	snprintf(address, sizeof(address), "0x%llx", (unsigned long long)where->offset);
	if (run_addr2line(where->object, address, text, sizeof(text)) <= 0)
		return;
	newline = strchr(text, '\n');
	if (!newline)
		return;
	*newline = 0;
	line = newline + 1;
	if (text[0] != '?' && !where->function[0])
		snprintf(where->function, sizeof(where->function), "%.*s",
			 (int)sizeof(where->function) - 1, text);
	if (line[0] != '?' && line[0])
		snprintf(where->line, sizeof(where->line), "%.*s", (int)strcspn(line, " \n"), line);
}

void where_find(struct where *where, const void *code, bool lines)
{
	/* The call, not what follows it: the next line may be another one. */
	uintptr_t call = (uintptr_t)code - 1;
	const Elf64_Ehdr *elf;
	Dl_info info;

	memset(where, 0, sizeof(*where));
	where->offset = call;
	if (!code || !dladdr((const void *)call, &info) || !info.dli_fbase)
		return;
	elf = info.dli_fbase;
	if (elf->e_type != ET_EXEC)
		where->offset = call - (uintptr_t)info.dli_fbase;
	if (info.dli_fname)
		snprintf(where->object, sizeof(where->object), "%s", info.dli_fname);
	if (info.dli_sname)
		snprintf(where->function, sizeof(where->function), "%s", info.dli_sname);
	if (lines && where->object[0])
		find_line(where);
}
