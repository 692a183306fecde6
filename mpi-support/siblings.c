/* SPDX-License-Identifier: MIT */
/*
 * siblings.c - what has become of a local rank that does not come to the meeting.
 *
 * A job may have ranks on isles and ranks on Linux, and no launcher tells them apart. But all are
 * children of one process, each with its number in its environment; and a rank on Linux is known by
 * the MPI library that it has mapped, which isle-run and shells never have.
 */
#include "launcher.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GRACE_MS  2000u        /* for the launcher to start a process, for a program to become another */
#define ROOM      (1u << 20)   /* of a file that is read as a whole */

/* The whole file, ended by two NULs; NULL: it cannot be read. The caller frees it. */
static char *file_read(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = fd < 0 ? NULL : malloc(ROOM + 2);
	ssize_t got = 1;

	*size = 0;
	while (text && got > 0 && *size < ROOM) {
		got = read(fd, text + *size, ROOM - *size);
		if (got > 0)
			*size += (size_t)got;
	}
	if (fd >= 0)
		close(fd);
	if (text)
		text[*size] = text[*size + 1] = 0;
	return text;
}

/* True if the process was started as this local rank. */
static bool is_rank(pid_t pid, const char *variable)
{
	char path[64], *text;
	bool found = false;
	size_t size, at;

	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	text = file_read(path, &size);
	for (at = 0; text && at < size && !found; at += strlen(text + at) + 1)
		found = strcmp(text + at, variable) == 0;
	free(text);
	return found;
}

/* The child of the launcher that is the rank, or 0. */
static pid_t rank_find(const struct job *job, const struct job_key *key, uint32_t local_rank)
{
	char path[64], variable[64], *text, *next;
	size_t size;
	pid_t pid = 0;
	long child;

	snprintf(variable, sizeof(variable), "%s=%u",
		 job->launcher == JOB_SLURM ? "SLURM_LOCALID" : "MPI_LOCALRANKID", local_rank);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)key->pid, (int)key->pid);
	text = file_read(path, &size);
	for (next = text; next && !pid;) {
		char *end;

		child = strtol(next, &end, 10);
		if (end == next)
			break;
		if (is_rank((pid_t)child, variable))
			pid = (pid_t)child;
		next = end;
	}
	free(text);
	return pid;
}

/* Still the launcher, which is about to become the rank; or another isle-run, which is about to come. */
static bool is_coming(pid_t pid)
{
	char path[64], exe[512], self[512];
	ssize_t length, own;
	const char *name;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	length = readlink(path, exe, sizeof(exe) - 1);
	own = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (length <= 0 || own <= 0)
		return true;
	exe[length] = self[own] = 0;
	name = strrchr(exe, '/');
	name = name ? name + 1 : exe;
	return !strcmp(exe, self) || !strcmp(name, "hydra_pmi_proxy") ||
	       !strcmp(name, "slurmstepd");
}

enum meet_where job_whereabouts(const struct job *job, const struct job_key *key,
				uint32_t local_rank, uint64_t waited_ms)
{
	enum meet_where where = MEET_COMING;
	pid_t pid = rank_find(job, key, local_rank);
	char path[64], *maps;
	size_t size;

	if (!pid)
		return waited_ms >= GRACE_MS ? MEET_GONE : MEET_COMING;
	if (is_coming(pid))
		return MEET_COMING;
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = file_read(path, &size);
	if (maps && strstr(maps, "/libmpi"))
		where = MEET_ON_LINUX;
	else if (maps && size && !strstr(maps, "/ld-") && waited_ms >= GRACE_MS)
		where = MEET_ON_LINUX; /* static, so its MPI library cannot be seen */
	free(maps);
	return where;
}
