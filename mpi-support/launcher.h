/* SPDX-License-Identifier: MIT */
/*
 * launcher.h - who a process is in its MPI job, as its launcher's variables tell.
 *
 * Reading the variables is pure: the environment is an argument. Values come from whoever
 * started the process, so each is checked and a wrong one gives one sentence. The innermost
 * launcher wins: Hydra inside a Slurm allocation is Hydra.
 */
#ifndef MPI_SUPPORT_LAUNCHER_H
#define MPI_SUPPORT_LAUNCHER_H

#include "meeting.h"
#include "refusal.h"

#include <isle/ioctl.h>

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define JOB_MAX_RANKS  (1u << 24)
#define JOB_MAX_LOCAL  1024u  /* one core a rank, and a host has no more */

enum job_launcher { JOB_NONE, JOB_HYDRA, JOB_SLURM };

struct job {
	enum job_launcher launcher;
	uint32_t rank, size;              /* size 0: the launcher does not say */
	uint32_t local_rank, local_size;
	uint32_t cpus_per_rank;           /* asked of the launcher; 0: nothing */
	bool     one_host;                /* all ranks are on this host for sure */
	uint32_t slurm_job, slurm_step;   /* JOB_SLURM */
};

/* Without a launcher: rank 0 of 1. 0, or -errno with a sentence. */
int job_read(char *const *envp, struct job *job, struct refusal *why);

/* "Hydra (MPICH's mpirun)", "Slurm", "no launcher". */
const char *job_launcher_name(enum job_launcher launcher);

/*
 * Tasks on node `index` of a list like 2(x3),1, and how many nodes and tasks the list has in all.
 * 0, -EINVAL not a list, or -ENOENT no such node.
 */
int job_tasks_on(const char *list, uint32_t index, uint32_t *tasks, uint32_t *nodes,
		 uint32_t *total);

/*
 * What holds the local ranks of this job together and tells them from others: the process that
 * started them, by number and start time. For Hydra the nearest hydra_pmi_proxy among the parents,
 * for Slurm slurmstepd; the parent if there is none such.
 */
#define JOB_KEY_SIZE  96
struct job_key {
	char     text[JOB_KEY_SIZE];   /* letters, digits, - and _ */
	pid_t    pid;                  /* of the launcher's process */
	uint64_t start;
	bool     named;                /* found by its name: it lives as long as its ranks */
};
int job_key_read(const struct job *job, struct job_key *key, struct refusal *why);

/*
 * Where a local rank is that has not come to the meeting: an MPI program on Linux needs no isle. Found
 * in /proc, among the children of the launcher's process; waited_ms is how long it has been missed.
 */
enum meet_where job_whereabouts(const struct job *job, const struct job_key *key,
				uint32_t local_rank, uint64_t waited_ms);

/* Whether Linux keeps this process to fewer CPUs than are online. */
struct job_binding {
	uint32_t allowed, online;
	bool     narrow;
};
void job_binding_compare(const struct isle_cpuset *allowed, const struct isle_cpuset *online,
			 struct job_binding *binding);
int job_binding_read(struct job_binding *binding, struct refusal *why);
/* The note about it; an empty one if the process is not bound. */
void job_binding_note(const struct job *job, const struct job_binding *binding,
		      struct refusal *note);

#endif
