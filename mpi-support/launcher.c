/* SPDX-License-Identifier: MIT */
/*
 * launcher.c - reads the variables of Hydra, Slurm and those launchers that are refused.
 */
#include "launcher.h"

#include "cpus.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#define SHOWN  48u  /* bytes of a strange value that a sentence shows */

static const char *env_get(char *const *envp, const char *name)
{
	size_t length = strlen(name);

	for (; envp && *envp; envp++)
		if (strncmp(*envp, name, length) == 0 && (*envp)[length] == '=')
			return *envp + length + 1;
	return NULL;
}

/* What a sentence may show of a value that anybody may have set. */
static const char *shown(const char *value, char text[SHOWN + 4])
{
	size_t i;

	for (i = 0; i < SHOWN && value[i]; i++)
		text[i] = value[i] >= ' ' && value[i] < 127 ? value[i] : '?';
	strcpy(text + i, value[i] ? "..." : "");
	return text;
}

/* Digits only: a sign, a space or a leading word is not what a launcher writes. */
static bool number(const char *value, uint32_t low, uint32_t high, uint32_t *result)
{
	uint64_t n = 0;
	const char *p;

	for (p = value; *p >= '0' && *p <= '9' && n <= UINT32_MAX; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	if (p == value || *p || n < low || n > high)
		return false;
	*result = (uint32_t)n;
	return true;
}

/* The variable must be there: `because` was. */
static int need(char *const *envp, const char *name, const char *because, uint32_t low,
		uint32_t high, uint32_t *result, struct refusal *why)
{
	const char *value = env_get(envp, name);
	char text[SHOWN + 4];

	if (!value)
		return refuse(why, JOB_INCOMPLETE, because, name);
	if (!number(value, low, high, result))
		return refuse(why, JOB_BAD_VALUE, name, shown(value, text), low, high);
	return 0;
}

/* The variable may be missing; *result stays then. */
static int want(char *const *envp, const char *name, uint32_t low, uint32_t high,
		uint32_t *result, struct refusal *why)
{
	if (!env_get(envp, name))
		return 0;
	return need(envp, name, name, low, high, result, why);
}

static int check_below(const char *low_name, uint32_t low, const char *high_name, uint32_t high,
		       struct refusal *why)
{
	if (low < high)
		return 0;
	return refuse(why, JOB_CONTRADICTION, low_name, low, high_name, high);
}

/*
 * With mpirun -pmi-port a rank is told its number as PMI_ID and asks for the size through the port,
 * so the size stays unknown here.
 */
static int read_hydra(char *const *envp, struct job *job, struct refusal *why)
{
	const char *id = env_get(envp, "PMI_RANK") || !env_get(envp, "PMI_ID") ? "PMI_RANK" :
										      "PMI_ID";
	const char *local = env_get(envp, "MPI_LOCALRANKID") ? "MPI_LOCALRANKID" :
								  "MPI_LOCALNRANKS";
	int err;

	job->launcher = JOB_HYDRA;
	err = need(envp, "MPI_LOCALRANKID", local, 0, JOB_MAX_LOCAL - 1, &job->local_rank, why);
	if (!err)
		err = need(envp, "MPI_LOCALNRANKS", local, 1, JOB_MAX_LOCAL, &job->local_size,
			   why);
	if (!err)
		err = need(envp, id, local, 0, JOB_MAX_RANKS - 1, &job->rank, why);
	if (!err && strcmp(id, "PMI_RANK") == 0)
		err = need(envp, "PMI_SIZE", id, 1, JOB_MAX_RANKS, &job->size, why);
	else if (!err)
		err = want(envp, "PMI_SIZE", 1, JOB_MAX_RANKS, &job->size, why);
	if (err)
		return err;
	err = check_below("MPI_LOCALRANKID", job->local_rank, "MPI_LOCALNRANKS", job->local_size,
			  why);
	if (!err && job->size)
		err = check_below(id, job->rank, "PMI_SIZE", job->size, why);
	if (!err && job->size && job->local_size > job->size)
		err = refuse(why, JOB_CONTRADICTION, "MPI_LOCALNRANKS", job->local_size, "PMI_SIZE",
			     job->size);
	return err;
}

/* Reads digits at *p. False: there are none, or too large a number. */
static bool list_number(const char **p, uint32_t *result)
{
	const char *start = *p;

	for (*result = 0; **p >= '0' && **p <= '9' && *result < JOB_MAX_RANKS; (*p)++)
		*result = *result * 10 + (uint32_t)(**p - '0');
	return *p > start && *result && *result <= JOB_MAX_RANKS;
}

int job_tasks_on(const char *list, uint32_t index, uint32_t *tasks, uint32_t *nodes,
		 uint32_t *total)
{
	uint32_t each, times;
	bool found = false;

	for (*nodes = *total = 0;; list++) {
		times = 1;
		if (!list_number(&list, &each))
			return -EINVAL;
		if (strncmp(list, "(x", 2) == 0) {
			list += 2;
			if (!list_number(&list, &times) || *list++ != ')')
				return -EINVAL;
		}
		/* Each factor is at most JOB_MAX_RANKS, so 64 bits hold what 32 may not. */
		if ((uint64_t)each * times + *total > JOB_MAX_RANKS)
			return -EINVAL;
		if (index >= *nodes && index - *nodes < times) {
			*tasks = each;
			found = true;
		}
		*nodes += times;
		*total += each * times;
		if (*list != ',')
			break;
	}
	if (*list)
		return -EINVAL;
	return found ? 0 : -ENOENT;
}

/* How many tasks this node has: from the list of the step, or else what was asked for a node. */
static int slurm_tasks(char *const *envp, const char *size, struct job *job,
		       struct refusal *why)
{
	const char *name = env_get(envp, "SLURM_STEP_TASKS_PER_NODE") ?
			   "SLURM_STEP_TASKS_PER_NODE" : "SLURM_TASKS_PER_NODE";
	const char *list = env_get(envp, name);
	uint32_t node = 0, nodes, total;
	char text[SHOWN + 4];
	int err;

	if (!list)
		return need(envp, "SLURM_NTASKS_PER_NODE", "SLURM_STEP_ID", 1, JOB_MAX_LOCAL,
			    &job->local_size, why);
	err = want(envp, "SLURM_NODEID", 0, JOB_MAX_RANKS, &node, why);
	if (err)
		return err;
	err = job_tasks_on(list, node, &job->local_size, &nodes, &total);
	if (err == -ENOENT)
		return refuse(why, JOB_NOT_IN_TASKS, node, name, shown(list, text), nodes);
	if (err || job->local_size > JOB_MAX_LOCAL)
		return refuse(why, JOB_BAD_TASKS, name, shown(list, text));
	if (total != job->size)
		return refuse(why, JOB_CONTRADICTION, name, total, size, job->size);
	return 0;
}

static int read_slurm(char *const *envp, struct job *job, struct refusal *why)
{
	static const char step[] = "SLURM_STEP_ID";
	const char *size = env_get(envp, "SLURM_STEP_NUM_TASKS") ? "SLURM_STEP_NUM_TASKS" :
								      "SLURM_NTASKS";
	int err;

	job->launcher = JOB_SLURM;
	err = need(envp, step, step, 0, UINT32_MAX, &job->slurm_step, why);
	if (!err)
		err = need(envp, "SLURM_JOB_ID", step, 0, UINT32_MAX, &job->slurm_job, why);
	if (!err)
		err = need(envp, "SLURM_PROCID", step, 0, JOB_MAX_RANKS - 1, &job->rank, why);
	if (!err)
		err = need(envp, "SLURM_LOCALID", step, 0, JOB_MAX_LOCAL - 1, &job->local_rank,
			   why);
	if (!err)
		err = need(envp, size, step, 1, JOB_MAX_RANKS, &job->size, why);
	if (!err)
		err = want(envp, "SLURM_CPUS_PER_TASK", 1, JOB_MAX_LOCAL, &job->cpus_per_rank,
			   why);
	if (!err)
		err = check_below("SLURM_PROCID", job->rank, size, job->size, why);
	if (!err)
		err = slurm_tasks(envp, size, job, why);
	if (!err)
		err = check_below("SLURM_LOCALID", job->local_rank, "tasks on this node",
				  job->local_size, why);
	if (!err && job->local_size > job->size)
		err = refuse(why, JOB_CONTRADICTION, "tasks on this node", job->local_size, size,
			     job->size);
	return err;
}

/*
 * A batch script and a shell in an allocation have Slurm's variables too, but nobody started them
 * once a rank: they are no step, or one of the steps that Slurm numbers from the top.
 */
static bool in_slurm_step(char *const *envp)
{
	const char *step = env_get(envp, "SLURM_STEP_ID");
	uint32_t id;

	if (!step || !env_get(envp, "SLURM_PROCID"))
		return false;
	return !number(step, 0, UINT32_MAX, &id) || id < 0xfffffff0u;
}

int job_read(char *const *envp, struct job *job, struct refusal *why)
{
	int err = 0;

	*job = (struct job){ .size = 1, .local_size = 1 };
	if (env_get(envp, "MPI_LOCALRANKID") || env_get(envp, "MPI_LOCALNRANKS")) {
		job->size = 0;
		err = read_hydra(envp, job, why);
	} else if (env_get(envp, "OMPI_COMM_WORLD_SIZE") ||
		   env_get(envp, "OMPI_COMM_WORLD_LOCAL_RANK")) {
		err = refuse(why, JOB_OPEN_MPI);
	} else if (env_get(envp, "PMIX_RANK")) {
		err = refuse(why, JOB_PMIX);
	} else if (in_slurm_step(envp)) {
		err = read_slurm(envp, job, why);
	} else if (env_get(envp, "PMI_FD") || env_get(envp, "PMI_PORT")) {
		err = refuse(why, JOB_INCOMPLETE,
			     env_get(envp, "PMI_FD") ? "PMI_FD" : "PMI_PORT", "MPI_LOCALRANKID");
	}
	job->one_host = job->size && job->local_size == job->size;
	return err;
}

const char *job_launcher_name(enum job_launcher launcher)
{
	switch (launcher) {
	case JOB_HYDRA:
		return "Hydra (MPICH's mpirun)";
	case JOB_SLURM:
		return "Slurm (srun)";
	case JOB_NONE:
		break;
	}
	return "no launcher";
}

void job_binding_compare(const struct isle_cpuset *allowed, const struct isle_cpuset *online,
			 struct job_binding *binding)
{
	struct isle_cpuset both;

	/* A CPU that is allowed and offline is no choice; those of the reserve are such. */
	for (size_t i = 0; i < sizeof(both.bits) / sizeof(both.bits[0]); i++)
		both.bits[i] = allowed->bits[i] & online->bits[i];
	binding->allowed = cpus_count(&both);
	binding->online = cpus_count(online);
	binding->narrow = binding->allowed < binding->online;
}

int job_binding_read(struct job_binding *binding, struct refusal *why)
{
	static const char path[] = "/sys/devices/system/cpu/online";
	struct isle_cpuset allowed = { { 0 } }, online;
	char text[CPUS_TEXT];
	ssize_t got;
	int fd;

	ISLE_ASSERT(sizeof(cpu_set_t) == sizeof(allowed), "both hold 1024 CPUs");
	if (sched_getaffinity(0, sizeof(allowed), (cpu_set_t *)(void *)&allowed))
		return refuse(why, JOB_BINDING_UNKNOWN, strerror(errno));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return refuse(why, JOB_BINDING_UNKNOWN, path);
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[got > 0 ? got : 0] = 0;
	if (!cpus_parse(text, &online))
		return refuse(why, JOB_BINDING_UNKNOWN, path);
	job_binding_compare(&allowed, &online, binding);
	return 0;
}

void job_binding_note(const struct job *job, const struct job_binding *binding,
		      struct refusal *note)
{
	*note = (struct refusal){ .message = MSG_NONE };
	if (binding->narrow && job->launcher != JOB_NONE)
		refuse(note, JOB_BOUND, binding->allowed, binding->online,
		       job->launcher == JOB_SLURM ? "srun --cpu-bind=none" :
						    "mpirun -bind-to none");
}
