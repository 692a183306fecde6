/* SPDX-License-Identifier: MIT */
/*
 * launcher.c - environments of launchers, right and wrong ones, and what is read from them.
 */
#include "../lib/check.h"

#include "cpus.h"
#include "launcher.h"
#include "meeting.h"

#include <sys/wait.h>

#define MAX_VARS  12

struct row {
	const char *name;
	const char *vars[MAX_VARS];
	int err;
	const char *text;          /* of the refusal */
	struct job job;
};

#define HYDRA(local, locals, rank, size) \
	"MPI_LOCALRANKID=" local, "MPI_LOCALNRANKS=" locals, "PMI_RANK=" rank, "PMI_SIZE=" size, \
	"PMI_FD=6"
#define SLURM(local, rank, size) \
	"SLURM_JOB_ID=77", "SLURM_STEP_ID=1", "SLURM_LOCALID=" local, "SLURM_PROCID=" rank, \
	"SLURM_NTASKS=" size

static const struct row good[] = {
	{ "plain", { "HOME=/x", "PMI=1" }, 0, NULL, { JOB_NONE, 0, 1, 0, 1, 0, true, 0, 0 } },
	{ "hydra", { HYDRA("1", "2", "1", "2") }, 0, NULL, { JOB_HYDRA, 1, 2, 1, 2, 0, true, 0, 0 } },
	{ "hydra, more hosts", { HYDRA("1", "4", "13", "16") }, 0, NULL,
	  { JOB_HYDRA, 13, 16, 1, 4, 0, false, 0, 0 } },
	{ "hydra with a port", { "MPI_LOCALRANKID=0", "MPI_LOCALNRANKS=2", "PMI_PORT=h:1", "PMI_ID=5" },
	  0, NULL, { JOB_HYDRA, 5, 0, 0, 2, 0, false, 0, 0 } },
	{ "hydra in a slurm batch job", { HYDRA("0", "2", "0", "2"), SLURM("0", "0", "8") }, 0, NULL,
	  { JOB_HYDRA, 0, 2, 0, 2, 0, true, 0, 0 } },
	{ "slurm, one node", { SLURM("3", "3", "4"), "SLURM_STEP_TASKS_PER_NODE=4" }, 0, NULL,
	  { JOB_SLURM, 3, 4, 3, 4, 0, true, 77, 1 } },
	{ "slurm, last node", { SLURM("0", "6", "7"), "SLURM_NODEID=3", "SLURM_TASKS_PER_NODE=2(x3),1",
	  "SLURM_CPUS_PER_TASK=4" }, 0, NULL, { JOB_SLURM, 6, 7, 0, 1, 4, false, 77, 1 } },
	{ "slurm, step before job", { SLURM("1", "1", "2"), "SLURM_STEP_TASKS_PER_NODE=2",
	  "SLURM_STEP_NUM_TASKS=2", "SLURM_TASKS_PER_NODE=8" }, 0, NULL,
	  { JOB_SLURM, 1, 2, 1, 2, 0, true, 77, 1 } },
	{ "slurm, no list", { SLURM("1", "5", "8"), "SLURM_NTASKS_PER_NODE=4" }, 0, NULL,
	  { JOB_SLURM, 5, 8, 1, 4, 0, false, 77, 1 } },
	{ "slurm batch script", { "SLURM_JOB_ID=77", "SLURM_PROCID=0", "SLURM_LOCALID=0",
	  "SLURM_NTASKS=8", "SLURM_TASKS_PER_NODE=8" }, 0, NULL, { JOB_NONE, 0, 1, 0, 1, 0, true, 0, 0 } },
	{ "slurm batch step", { "SLURM_STEP_ID=4294967291", "SLURM_PROCID=0" }, 0, NULL,
	  { JOB_NONE, 0, 1, 0, 1, 0, true, 0, 0 } },
};

#define NO  { JOB_NONE, 0, 0, 0, 0, 0, false, 0, 0 }

static const struct row bad[] = {
	{ "open mpi", { "OMPI_COMM_WORLD_SIZE=2", "OMPI_COMM_WORLD_LOCAL_RANK=0", "PMIX_RANK=0" },
	  -ENOTSUP, "this rank was started by Open MPI, which isles do not know: build the program with "
	  "MPICH (device ch4:ucx) and start it with MPICH's mpirun, or with srun --mpi=pmi2", NO },
	{ "pmix", { "PMIX_RANK=0", SLURM("0", "0", "1") }, -ENOTSUP, "this rank was started through "
	  "PMIx, which isles do not know: use MPICH's mpirun, or srun --mpi=pmi2", NO },
	{ "no local size", { "MPI_LOCALRANKID=0", "PMI_RANK=0", "PMI_SIZE=1" }, -EINVAL,
	  "MPI_LOCALRANKID is set and MPI_LOCALNRANKS is not: start ranks with mpirun or srun directly, "
	  "and pass their variables on", NO },
	{ "no local rank", { "MPI_LOCALNRANKS=2" }, -EINVAL, NULL, NO },
	{ "no rank", { "MPI_LOCALRANKID=0", "MPI_LOCALNRANKS=2" }, -EINVAL, NULL, NO },
	{ "no size", { "MPI_LOCALRANKID=0", "MPI_LOCALNRANKS=2", "PMI_RANK=0" }, -EINVAL, NULL, NO },
	{ "pmi alone", { "PMI_FD=6", "PMI_RANK=0" }, -EINVAL, NULL, NO },
	{ "empty", { HYDRA("", "2", "0", "2") }, -EINVAL, NULL, NO },
	{ "negative", { HYDRA("-1", "2", "0", "2") }, -EINVAL, "MPI_LOCALRANKID=-1 is not a number from "
	  "0 to 1023: it was not set by a launcher", NO },
	{ "sign", { HYDRA("+1", "2", "0", "2") }, -EINVAL, NULL, NO },
	{ "space", { HYDRA(" 1", "2", "0", "2") }, -EINVAL, NULL, NO },
	{ "hex", { HYDRA("0x1", "2", "0", "2") }, -EINVAL, NULL, NO },
	{ "wraps", { HYDRA("18446744073709551616", "2", "0", "2") }, -EINVAL, NULL, NO },
	{ "too large", { HYDRA("0", "1025", "0", "2000") }, -EINVAL, NULL, NO },
	{ "no ranks", { HYDRA("0", "0", "0", "0") }, -EINVAL, NULL, NO },
	{ "control characters", { HYDRA("\033[2J\n%n%n", "2", "0", "2") }, -EINVAL,
	  "MPI_LOCALRANKID=?[2J?%n%n is not a number from 0 to 1023: it was not set by a launcher", NO },
	{ "local rank beyond", { HYDRA("2", "2", "2", "4") }, -EINVAL, "MPI_LOCALRANKID=2 and "
	  "MPI_LOCALNRANKS=2 contradict each other: one of them was not set by this job's launcher", NO },
	{ "rank beyond", { HYDRA("0", "2", "4", "4") }, -EINVAL, NULL, NO },
	{ "more local than all", { HYDRA("0", "4", "0", "2") }, -EINVAL, NULL, NO },
	{ "slurm without size", { "SLURM_STEP_ID=1", "SLURM_JOB_ID=1", "SLURM_PROCID=0",
	  "SLURM_LOCALID=0" }, -EINVAL, NULL, NO },
	{ "slurm without tasks", { SLURM("0", "0", "2") }, -EINVAL, NULL, NO },
	{ "slurm list too short", { SLURM("0", "0", "2"), "SLURM_TASKS_PER_NODE=2", "SLURM_NODEID=1" },
	  -EINVAL, "node 1 of the step is not in SLURM_TASKS_PER_NODE=2, which has 1 nodes", NO },
	{ "slurm list of another job", { SLURM("0", "0", "2"), "SLURM_TASKS_PER_NODE=4" }, -EINVAL,
	  "SLURM_TASKS_PER_NODE=4 and SLURM_NTASKS=2 contradict each other: one of them was not set by "
	  "this job's launcher", NO },
	{ "slurm no list", { SLURM("0", "0", "2"), "SLURM_TASKS_PER_NODE=2(y3)" }, -EINVAL,
	  "SLURM_TASKS_PER_NODE=2(y3) is not a list of tasks per node like 2(x3),1", NO },
	{ "slurm local beyond", { SLURM("4", "4", "8"), "SLURM_TASKS_PER_NODE=4(x2)" }, -EINVAL, NULL,
	  NO },
	{ "slurm strange step", { "SLURM_STEP_ID=interactive", "SLURM_PROCID=0" }, -EINVAL, NULL, NO },
};

static int read_row(const struct row *row, struct job *job, struct refusal *why)
{
	char *vars[MAX_VARS + 1], **end = vars;
	int err;

	for (unsigned int i = 0; i < MAX_VARS && row->vars[i]; i++)
		*end++ = strdup(row->vars[i]);
	*end = NULL;
	err = job_read(vars, job, why);
	while (end > vars)
		free(*--end);
	return err;
}

TEST(right_environments)
{
	for (unsigned int i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const struct job *want = &good[i].job;
		struct refusal why;
		struct job job;

		note("%s", good[i].name);
		if (!EXPECT_ERR(read_row(&good[i], &job, &why), 0)) {
			note("%s", why.text);
			continue;
		}
		EXPECT_EQ(job.launcher, want->launcher);
		EXPECT_EQ(job.rank, want->rank);
		EXPECT_EQ(job.size, want->size);
		EXPECT_EQ(job.local_rank, want->local_rank);
		EXPECT_EQ(job.local_size, want->local_size);
		EXPECT_EQ(job.cpus_per_rank, want->cpus_per_rank);
		EXPECT_EQ(job.one_host, want->one_host);
		EXPECT_EQ(job.slurm_job, want->slurm_job);
		EXPECT_EQ(job.slurm_step, want->slurm_step);
	}
}

TEST(wrong_environments)
{
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct refusal why = { MSG_NONE, "" };
		struct job job;

		EXPECT_THAT(read_row(&bad[i], &job, &why) == bad[i].err, "%s", bad[i].name);
		EXPECT_THAT(why.text[0] && !strchr(why.text, '\n'), "%s", bad[i].name);
		if (bad[i].text)
			EXPECT_STR(why.text, bad[i].text);
		else
			note("%s: %s", bad[i].name, why.text);
	}
}

TEST(long_values_are_cut)
{
	char value[4096] = "MPI_LOCALRANKID=";
	struct row row = { "long", { value, "MPI_LOCALNRANKS=1" }, 0, NULL, NO };
	struct refusal why;
	struct job job;

	memset(value + strlen(value), 'A', sizeof(value) - 1 - strlen(value));
	value[sizeof(value) - 1] = 0;
	EXPECT_ERR(read_row(&row, &job, &why), -EINVAL);
	EXPECT_LT(strlen(why.text), 150);
}

TEST(lists_of_tasks)
{
	static const char *const wrong[] = {
		"", ",", "1,", "0", "(x2)", "2(x0)", "2(x3", "2(x)", "2x3", "2(x3)1", "2 ", "-1",
		"99999999999", "16777216(x2)", "1(x99999999999)", "16777216,1",
	};
	uint32_t tasks = 0, nodes, total;

	EXPECT_ERR(job_tasks_on("2(x3),1", 2, &tasks, &nodes, &total), 0);
	EXPECT_EQ(tasks, 2);
	EXPECT_EQ(nodes, 4);
	EXPECT_EQ(total, 7);
	EXPECT_ERR(job_tasks_on("2(x3),1", 3, &tasks, &nodes, &total), 0);
	EXPECT_EQ(tasks, 1);
	EXPECT_ERR(job_tasks_on("2(x3),1", 4, &tasks, &nodes, &total), -ENOENT);
	EXPECT_ERR(job_tasks_on("16", 0, &tasks, &nodes, &total), 0);
	EXPECT_EQ(tasks, 16);
	for (unsigned int i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		EXPECT_THAT(job_tasks_on(wrong[i], 0, &tasks, &nodes, &total) == -EINVAL, "\"%s\"",
			    wrong[i]);
}

TEST(binding)
{
	struct isle_cpuset online, allowed;
	struct job job = { .launcher = JOB_HYDRA };
	struct job_binding binding;
	struct refusal note_text;

	ASSERT(cpus_parse("0-15", &online) && cpus_parse("3", &allowed));
	job_binding_compare(&allowed, &online, &binding);
	EXPECT(binding.narrow);
	job_binding_note(&job, &binding, &note_text);
	EXPECT_STR(note_text.text, "the launcher bound this rank to 1 of 16 CPUs of Linux; isles have "
		   "cores of their own, so this binds only the rank's system calls: better start it "
		   "with mpirun -bind-to none");
	ASSERT(cpus_parse("0-31", &allowed));  /* 16-31 are in the reserve */
	job_binding_compare(&allowed, &online, &binding);
	EXPECT(!binding.narrow);
	job_binding_note(&job, &binding, &note_text);
	EXPECT_EQ(note_text.message, MSG_NONE);
	ASSERT_ERR(job_binding_read(&binding, &note_text), 0);
	EXPECT_GE(binding.allowed, 1);
	EXPECT_GE(binding.online, binding.allowed);
}

/* Two children of one parent have one key; a grandchild has another, unless the launcher is known. */
TEST(key_of_the_parent)
{
	struct job job = { .launcher = JOB_HYDRA };
	struct job_key keys[2];
	struct refusal why;
	int ends[2], status;
	pid_t pid;

	ASSERT_EQ(pipe(ends), 0);
	for (int i = 0; i < 2; i++) {
		pid = fork();
		if (!pid) {
			status = job_key_read(&job, &keys[0], &why) ||
				 write(ends[1], &keys[0], sizeof(keys[0])) < 0;
			_exit(status);
		}
		ASSERT_EQ(waitpid(pid, &status, 0), pid);
		EXPECT_EQ(status, 0);
		EXPECT_EQ(read(ends[0], &keys[i], sizeof(keys[i])), sizeof(keys[i]));
	}
	close(ends[0]);
	close(ends[1]);
	EXPECT_STR(keys[0].text, keys[1].text);
	EXPECT_EQ(keys[0].pid, getpid());
	EXPECT_EQ(keys[0].start, meet_process_start(getpid()));
	EXPECT_EQ(strspn(keys[0].text, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(keys[0].text));
}

/* A rank whose launcher has ended is init's child: it must not meet the ranks of other such jobs there. */
TEST(no_key_of_init)
{
	struct job job = { .launcher = JOB_HYDRA };
	struct refusal why = { .text = "" };
	struct job_key key;
	int ends[2], found[2] = { 0, 0 };

	ASSERT_EQ(pipe(ends), 0);
	if (!fork()) {
		if (!fork()) {
			for (int i = 0; i < 1000 && getppid() != 1; i++)
				usleep(1000);
			found[1] = getppid();
			found[0] = job_key_read(&job, &key, &why);
			_exit(write(ends[1], found, sizeof(found)) < 0);
		}
		_exit(0);
	}
	close(ends[1]);
	wait(NULL);
	EXPECT_EQ(read(ends[0], found, sizeof(found)), sizeof(found));
	close(ends[0]);
	/* A subreaper takes init's place for those below it. */
	EXPECT_EQ(found[0], found[1] == 1 ? -ESRCH : 0);
}

int main(void)
{
	return check_main(NULL);
}
