/* SPDX-License-Identifier: MIT */
/*
 * job_key.c - finds the process that started all local ranks of a job.
 *
 * A rank's script may stand between launcher and rank, so the parents are searched by name. A
 * process is known by number and start time, because numbers are used again.
 */
#include "launcher.h"

#include "meeting.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_PARENTS  64

struct process {
	char     comm[32];
	pid_t    parent;
	uint64_t start;
	bool     dead;
};

/* The name may hold spaces and brackets, so the fields are counted from its last bracket. */
static bool process_read(pid_t pid, struct process *process)
{
	char path[64], text[1024], state, *name, *end;
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (got <= 0)
		return false;
	text[got] = 0;
	name = strchr(text, '(');
	end = strrchr(text, ')');
	if (!name || !end || end < name)
		return false;
	*end = 0;
	snprintf(process->comm, sizeof(process->comm), "%s", name + 1);
	if (sscanf(end + 1, " %c %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
		   "%*s %*s %" SCNu64, &state, &process->parent, &process->start) != 3)
		return false;
	process->dead = state == 'Z' || state == 'X';
	return true;
}

uint64_t meet_process_start(pid_t pid)
{
	struct process process;

	return process_read(pid, &process) && !process.dead ? process.start : 0;
}

unsigned long meet_pid_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) ? 0 : (unsigned long)st.st_ino;
}

int job_key_read(const struct job *job, struct job_key *key, struct refusal *why)
{
	const char *wanted = job->launcher == JOB_SLURM ? "slurmstepd" : "hydra_pmi_proxy";
	pid_t pid = getppid(), next = pid;
	struct process process;

	if (!process_read(pid, &process))
		return refuse(why, JOB_NO_KEY, "it is not in this namespace");
	key->pid = pid;
	key->start = process.start;
	key->named = false;
	for (int i = 0; i < MAX_PARENTS && next > 0 && process_read(next, &process); i++) {
		if (strcmp(process.comm, wanted) == 0) {
			key->pid = next;
			key->start = process.start;
			key->named = true;
			break;
		}
		next = process.parent;
	}
	/* Who has lost its parent is init's: there the ranks of all such jobs would meet. */
	if (!key->named && key->pid == 1)
		return refuse(why, JOB_ORPHAN);
	if (job->launcher == JOB_SLURM)
		snprintf(key->text, sizeof(key->text), "slurm-%u-%u-%lx-%d-%" PRIx64,
			 job->slurm_job, job->slurm_step, meet_pid_namespace(), (int)key->pid,
			 key->start);
	else
		snprintf(key->text, sizeof(key->text), "hydra-%lx-%d-%" PRIx64,
			 meet_pid_namespace(), (int)key->pid, key->start);
	return 0;
}
